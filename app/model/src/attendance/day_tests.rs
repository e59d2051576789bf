use super::*;

#[test]
fn a_status_reads_as_it_prints() {
    for text in [
        "present",
        "present+half_leave",
        "on_leave+worked",
        "holiday+worked",
        "absent_provisional",
        "unscheduled",
    ] {
        let status: DayStatus = text.parse().expect("a status");
        assert_eq!(status.to_string(), text);
        assert_eq!(
            serde_json::to_string(&status).expect("JSON"),
            format!("\"{text}\"")
        );
    }
    assert!("present+late".parse::<DayStatus>().is_err());
    assert!("".parse::<DayStatus>().is_err());
}
