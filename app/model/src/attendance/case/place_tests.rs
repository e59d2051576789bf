use super::*;

const TEXT: &str = r#"{
  "zone": "Europe/Berlin",
  "policy": { "graceLateMinutes": 5 },
  "punches": [
    { "at": "one" },
    { "at": "t\"wo", "id": null }
  ]
}"#;

#[test]
fn paths_name_objects_and_places_in_lists() {
    let paths: Vec<_> = values(TEXT).into_iter().map(|value| value.path).collect();
    let expected = [
        "",
        "zone",
        "policy",
        "policy.graceLateMinutes",
        "policy",
        "punches",
        "punches[0]",
        "punches[0].at",
        "punches[0]",
        "punches[1]",
        "punches[1].at",
        "punches[1].id",
        "punches[1]",
        "punches",
        "",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn a_place_and_its_path_belong_together() {
    for value in values(TEXT) {
        let (line, column) = locate(TEXT, &value.path);
        assert_eq!(path_at(TEXT, line, column, false), value.path);
    }
    assert_eq!(locate(TEXT, "punches[1].at"), (6, 7));
    assert_eq!(locate(TEXT, "punches[1].zone"), (6, 5), "the nearest above");
    assert_eq!(locate(TEXT, "nothing"), (1, 1));
}

#[test]
fn no_text_makes_it_fail() {
    for text in [
        "",
        "{",
        "[[[",
        "{\"a",
        "{\"a\":\"\\",
        "}}]],,",
        "é{\"ü\":ö}",
        "{\"a\":[1,{}}",
    ] {
        path_at(text, 1, 1, true);
        path_at(text, 9, 99, false);
        locate(text, "a[0].b");
    }
}
