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
    let public = use_context::<Parts>().is_some_and(|parts| is_checkout(parts.uri.path()));
    if public {
        provide_context(ShellKind::Plain);
    }
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let policy = policy(services, &nonce, public);
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
    // A page has a nonce and somebody's data in it: nobody may keep it.
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

fn is_checkout(path: &str) -> bool {
    path.starts_with("/pay/")
}

/// What a page may load. The checkout page may in addition load the gateway's script and frame its
/// fields; nothing else anywhere may be framed or reached.
fn policy(services: &Services, nonce: &str, checkout: bool) -> String {
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
    let scripts = if checkout { "" } else { " 'wasm-unsafe-eval'" };
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
    use super::origin_of;

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(
            origin_of("http://127.0.0.1:4010/stripe/js"),
            "http://127.0.0.1:4010"
        );
        assert_eq!(origin_of("https://js.stripe.com"), "https://js.stripe.com");
    }
}
