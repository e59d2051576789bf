//! The pages: what each render and each server function finds in its context, and the headers that
//! say what a page may load.

use app::ShellKind;
use http::request::Parts;
use http::{HeaderValue, header};
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

use crate::wiring::Services;

/// Fills the context of one render or one server function, and sets the page's headers.
pub fn provide(services: &Services) {
    provide_context(services.identity.clone());
    provide_context(services.ledger.clone());
    provide_context(services.payments.clone());
    provide_context(services.scheduling.clone());
    provide_context(services.attendance.clone());
    provide_context(app::ssr::Site {
        organisation: services.config.organisation.clone(),
        stripe: services
            .config
            .stripe
            .as_ref()
            .map(|stripe| app::ssr::StripePublic {
                script: stripe.js_url.clone(),
                key: stripe.publishable_key.clone(),
            }),
        sandbox: services
            .config
            .runs_sandbox()
            .then(|| format!("http://{}", services.config.sandbox_addr)),
    });
    provide_context(services.deps.clone());
    let kind = use_context::<Parts>().map_or(Kind::App, |parts| Kind::of(parts.uri.path()));
    if kind != Kind::App {
        provide_context(ShellKind::Plain);
    }
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let policy = policy(services, &nonce, kind);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
    // A page has a nonce and somebody's data in it: nobody may keep it.
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// What a page is, for what it may load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A page for people who are signed in; it wakes up.
    App,
    /// A plain form for whoever has its link, or stands before a kiosk.
    Public,
    /// One that takes money as well.
    Checkout,
}

impl Kind {
    fn of(path: &str) -> Self {
        if path.starts_with("/pay/") {
            Self::Checkout
        } else if path.starts_with("/invitation/") || path == app::paths::KIOSK {
            Self::Public
        } else {
            Self::App
        }
    }
}

/// What a page may load. Public pages run nothing of ours. The checkout page may load the gateway's
/// script and frame its fields; nothing else anywhere may be framed or reached.
fn policy(services: &Services, nonce: &str, kind: Kind) -> String {
    let checkout = kind == Kind::Checkout;
    let gateway = services.config.stripe.as_ref().filter(|_| checkout);
    let frames = gateway.map_or_else(
        || "'none'".to_owned(),
        |stripe| match origin_of(&stripe.js_url) {
            // Stripe's script frames more than one of its hosts.
            "https://js.stripe.com" => {
                "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com".to_owned()
            }
            other => other.to_owned(),
        },
    );
    let reach = gateway.map_or_else(String::new, |stripe| match origin_of(&stripe.js_url) {
        "https://js.stripe.com" => " https://api.stripe.com".to_owned(),
        other => format!(" {other}"),
    });
    // A form post may end at the bank's own page, and form-action holds for redirects as well.
    let forms = if checkout {
        "form-action 'self' https: http:"
    } else {
        "form-action 'self'"
    };
    let scripts = match kind {
        Kind::App => " 'wasm-unsafe-eval'",
        Kind::Public | Kind::Checkout => "",
    };
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'{scripts}; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{reach}; frame-src {frames}; {forms}; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
    )
}

/// Scheme, host and port of an address.
fn origin_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..]
        .find('/')
        .map_or(url.len(), |at| at + after_scheme);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::{Kind, origin_of};

    #[test]
    fn only_the_pages_of_secret_links_are_public() {
        assert_eq!(Kind::of("/invitation/ab12"), Kind::Public);
        assert_eq!(Kind::of("/kiosk"), Kind::Public);
        assert_eq!(Kind::of("/pay/ab12"), Kind::Checkout);
        for path in [
            "/",
            "/invitations",
            "/payments",
            "/attendance/kiosk",
            "/fn/app/api/scheduling/invitation",
        ] {
            assert_eq!(Kind::of(path), Kind::App, "{path}");
        }
    }

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(
            origin_of("http://127.0.0.1:4010/stripe/js"),
            "http://127.0.0.1:4010"
        );
        assert_eq!(origin_of("https://js.stripe.com"), "https://js.stripe.com");
    }
}
