//! The document around every page.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::preferences::Theme;
use crate::router::App;

/// Which document a page gets. The server puts it into the context; absent means `Full`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShellKind {
    /// With the scripts that wake the page up.
    #[default]
    Full,
    /// Without any script of ours: pages for customers that are plain forms.
    Plain,
}

/// The whole document as the server sends it. Every script carries the request's nonce, and there
/// is no inline style anywhere.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let kind = use_context::<ShellKind>().unwrap_or_default();
    let scripts = (kind == ShellKind::Full).then(|| {
        let reload = options.clone();
        view! {
            <AutoReload options=reload/>
            <WakeUp options/>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=Theme::current().as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/punctual.css"/>
                {scripts}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Loads the browser part. Our own instead of Leptos's `HydrationScripts`, whose preload links
/// lack the nonce that `strict-dynamic` asks for.
#[component]
fn WakeUp(options: LeptosOptions) -> impl IntoView {
    let nonce = leptos::nonce::use_nonce();
    let script = format!("/{}/{}.js", options.site_pkg_dir, options.output_name);
    let module = format!("/{}/{}_bg.wasm", options.site_pkg_dir, options.output_name);
    let wake = format!(
        "import('{script}').then(m => m.default({{module_or_path: '{module}'}}).then(() => m.hydrate()))"
    );
    view! {
        <link rel="modulepreload" href=script nonce=nonce.clone()/>
        <link
            rel="preload"
            href=module
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=nonce>
            {wake}
        </script>
    }
}

/// Has the browser look at the page's path again after some seconds, with or without scripts. A header
/// rather than an element: it comes with this answer alone. Nothing in the browser.
pub fn look_again(seconds: u32) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Some(parts) = use_context::<http::request::Parts>()
        && let Ok(value) =
            http::HeaderValue::from_str(&format!("{seconds};url={}", parts.uri.path()))
    {
        response.insert_header(http::header::REFRESH, value);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = seconds;
}

/// Has the server answer 404 for the page that is being rendered. Nothing in the browser.
pub fn answer_not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}
