//! What is kept of a refused form, for whom and for how long.

use platform::SeededEntropy;
use secrecy::SecretBox;

use super::*;

const FUNCTION: &str = "/fn/app/api/payments/create_order";

fn vault() -> Vault {
    Vault::new(SecretBox::new(Box::new([7; 32])))
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn sealed(kept: &Kept, context: &str) -> String {
    seal(&vault(), &SeededEntropy::new(1), context, kept).expect("text can be sealed")
}

fn kept(pairs: &[(&str, &str)]) -> Kept {
    Kept {
        at: 1_000,
        function: FUNCTION.into(),
        fields: worth_keeping(fields(pairs)),
    }
}

#[test]
fn what_was_typed_comes_back_to_whoever_typed_it() {
    let sealed = sealed(&kept(&[("form[amount]", "49.905")]), "person:a");
    let opened = open(&vault(), "person:a", &sealed, 1_060).expect("within a minute");
    assert_eq!(opened.function, FUNCTION);
    assert_eq!(opened.fields.get("form[amount]"), Some("49.905"));
    assert!(open(&vault(), "person:b", &sealed, 1_001).is_none());
    assert!(!sealed.contains("49.905"));
}

#[test]
fn it_is_gone_after_a_minute_and_when_it_was_touched() {
    let sealed = sealed(&kept(&[("name", "Ana")]), "nobody");
    assert!(open(&vault(), "nobody", &sealed, 1_061).is_none());
    assert!(open(&vault(), "nobody", &sealed, 999).is_none());
    assert!(open(&vault(), "nobody", &sealed[1..], 1_000).is_none());
    assert!(open(&vault(), "nobody", "", 1_000).is_none());
}

#[test]
fn a_secret_is_never_kept() {
    let typed = worth_keeping(fields(&[
        ("email", "ana@lindenau.example"),
        ("password", "correct horse battery"),
        ("token", "tok_1"),
    ]));
    assert_eq!(typed.get("email"), Some("ana@lindenau.example"));
    assert_eq!((typed.get("password"), typed.get("token")), (None, None));
}

#[test]
fn it_fits_into_a_cookie_and_what_does_not_is_left_out_whole() {
    let (long, short) = ("ä".repeat(1_200), "ö".repeat(180));
    let kept = kept(&[
        ("text", long.as_str()),
        ("again", long.as_str()),
        ("name", short.as_str()),
    ]);
    assert_eq!(kept.fields.get("text"), Some(long.as_str()));
    assert_eq!(kept.fields.get("again"), None);
    assert_eq!(kept.fields.get("name"), Some(short.as_str()));

    let mut headers = HeaderMap::new();
    let cookie = Cookie {
        secure: true,
        context: String::new(),
    };
    cookie.set(&mut headers, &sealed(&kept, ""), LIFE);
    let header = headers[header::SET_COOKIE].to_str().expect("plain text");
    assert!(header.len() <= 4_096, "{} bytes", header.len());
    assert!(header.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"));
}

#[test]
fn problems_of_earlier_tries_leave_the_address() {
    let page = "http://localhost/orders/new";
    for (from, to) in [
        (page.to_owned(), page.to_owned()),
        (
            format!("{page}?__path=%2Ffn%2Fa&__err=e30"),
            page.to_owned(),
        ),
        (
            format!("{page}?next=%2Forders&__path=a&__err=b&q=1"),
            format!("{page}?next=%2Forders&q=1"),
        ),
    ] {
        assert_eq!(without_problem(&from), to);
    }
}

#[test]
fn a_page_says_whose_problem_it_shows() {
    let of = |text: &str| refused_function(&text.parse::<Uri>().expect("an address"));
    assert_eq!(
        of("/orders/new?__path=%2Ffn%2Fapp%2Fapi%2Fpayments%2Fcreate_order&__err=e30").as_deref(),
        Some(FUNCTION)
    );
    assert_eq!(of("/orders/new?status=open"), None);
    assert_eq!(of("/orders/new"), None);
}

#[tokio::test]
async fn the_fields_of_a_form_are_read_and_it_goes_on_unchanged() {
    let body = "form%5Bamount%5D=49.905&form%5Bdescription%5D=Probe+set%0D%0A&roles%5B%5D=hr";
    let request = Request::post("/fn/x")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
        .body(Body::from(body))
        .expect("a request");
    let (request, read) = read(request).await.expect("a form");
    let wanted = [
        ("form[amount]", "49.905"),
        ("form[description]", "Probe set\r\n"),
        ("roles[]", "hr"),
    ];
    assert_eq!(read, fields(&wanted));
    let sent = to_bytes(request.into_body(), LARGEST_FORM)
        .await
        .expect("a body");
    assert_eq!(sent, body.as_bytes());
}
