//! Every route, and the layers around them from outside in: request id and log line, compression,
//! cross-site posts refused, session, who asks, and only then the route.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::Problem;
use platform::telemetry::Telemetry;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::ServeDir;
use tower_http::trace::TraceLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use super::problem::HttpProblem;
use super::{
    api, attendance_files, auth, clock_form, forms, health, iclock, idempotent, kiosk, pages,
    punch_upload, refused, stream, upload, webhooks,
};
use crate::wiring::Services;

/// How long a session lives, in hours.
const SESSION_HOURS: i64 = 12;
/// The largest settlement file that is taken over HTTP, in bytes.
const LARGEST_UPLOAD: usize = 256 << 20;
/// The largest webhook, in bytes.
const LARGEST_WEBHOOK: usize = 1 << 20;

/// What routes are built over.
#[derive(Clone, FromRef)]
pub struct AppState {
    services: Services,
    leptos: LeptosOptions,
}

/// Everything on the public address.
pub fn router(services: &Services, telemetry: Telemetry) -> Router {
    let leptos = LeptosOptions::builder()
        .output_name("punctual")
        .site_root(services.config.site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .site_addr(services.config.site_addr)
        .build();
    let state = AppState {
        services: services.clone(),
        leptos: leptos.clone(),
    };

    let signed_in_or_open = pages_router(services, &leptos, &state)
        .route("/theme", post(forms::theme))
        .route("/sign-out", post(forms::sign_out))
        .route("/pay/{link}", post(forms::pay))
        .route("/pay/{link}/return", get(forms::back_from_bank))
        .route("/invitation/{link}", post(forms::answer))
        .route("/events", get(stream::events))
        .route("/attendance/press", post(clock_form::press))
        .route("/attendance/export.json", get(attendance_files::export))
        .route(
            "/attendance/periods/{id}/payroll.csv",
            get(attendance_files::payroll_csv),
        )
        .route(
            "/attendance/periods/{id}/payroll.xlsx",
            get(attendance_files::payroll_xlsx),
        )
        .route(
            app::paths::PUNCH_UPLOAD,
            post(punch_upload::upload).layer(DefaultBodyLimit::max(punch_upload::LARGEST)),
        )
        .route(
            "/settlement/upload",
            post(upload::upload).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)),
        )
        .merge(kiosk::router())
        .layer(from_fn(auth::gate));

    let api = api::router()
        .layer(from_fn_with_state(services.clone(), idempotent::layer))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD));

    let recognised = Router::new()
        .merge(signed_in_or_open)
        .nest("/api/v1", api)
        .merge(api::documentation())
        .route("/metrics", get(health::metrics))
        .layer(from_fn_with_state(services.clone(), auth::identify))
        .layer(sessions(services))
        .layer(csrf(services));

    Router::new()
        .merge(recognised)
        .route(
            "/webhooks/{gateway}",
            post(webhooks::receive).layer(DefaultBodyLimit::max(LARGEST_WEBHOOK)),
        )
        .merge(match services.config.devices_addr {
            // They have a listener of their own.
            Some(_) => Router::new(),
            None => iclock::router(&services.attendance),
        })
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(axum::Extension(telemetry))
        .layer(CatchPanicLayer::custom(|_| {
            HttpProblem(Problem::internal()).into_response()
        }))
        .layer(from_fn(safe_headers))
        .layer(CompressionLayer::new())
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(state)
}

/// The routes of the private listener: figures and health, without a sign-in.
pub fn private_router(services: &Services, telemetry: Telemetry) -> Router {
    Router::new()
        .route("/metrics", get(health::metrics_private))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(axum::Extension(telemetry))
        .with_state(services.clone())
}

/// The pages, and the server functions behind them, which Leptos hangs up at the same time.
fn pages_router(services: &Services, leptos: &LeptosOptions, state: &AppState) -> Router<AppState> {
    let routes = generate_route_list(app::App);
    let context = services.clone();
    let options = leptos.clone();
    let files = services.clone();
    let fallback_options = leptos.clone();
    Router::new()
        .leptos_routes_with_context(
            state,
            routes,
            move || pages::provide(&context),
            move || app::shell(options.clone()),
        )
        .fallback(move |uri: Uri, request: Request| {
            file_or_missing_page(files.clone(), fallback_options.clone(), uri, request)
        })
        .layer(from_fn_with_state(services.clone(), refused::layer))
}

/// A file of the built browser part, or the page that says that there is none.
async fn file_or_missing_page(
    services: Services,
    leptos: LeptosOptions,
    uri: Uri,
    request: Request,
) -> Response {
    if uri.path().starts_with("/api/") || uri.path().starts_with("/fn/") {
        return HttpProblem(Problem::not_found("address")).into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) && uri.path().len() > 1 {
        let files = ServeDir::new(&services.config.site_root)
            .append_index_html_on_directories(false)
            .precompressed_br();
        let asked = Request::builder()
            .uri(uri.clone())
            .method(request.method().clone());
        let asked = request
            .headers()
            .iter()
            .fold(asked, |asked, (name, value)| asked.header(name, value))
            .body(Body::empty());
        if let Ok(asked) = asked
            && let Ok(found) = files.oneshot(asked).await
            && found.status() != StatusCode::NOT_FOUND
        {
            let mut found = found.map(Body::new);
            // The names do not change with the content, so a browser asks each time.
            found
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            return found;
        }
    }
    let context = services.clone();
    let render = leptos_axum::render_app_to_stream_with_context(
        move || pages::provide(&context),
        move || app::shell(leptos.clone()),
    );
    let mut page = render(request).await;
    *page.status_mut() = StatusCode::NOT_FOUND;
    page
}

/// Sessions of our own store. Over plain http, as on a local network, a browser would drop a
/// `__Host-` or `Secure` cookie, so both depend on how the outside reaches us.
fn sessions(services: &Services) -> SessionManagerLayer<identity::SessionStore> {
    let secure = services.config.public_url.starts_with("https://");
    SessionManagerLayer::new(services.identity.session_store())
        .with_name(if secure {
            "__Host-punctual"
        } else {
            "punctual"
        })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(SESSION_HOURS)))
}

/// Refuses what another site posts here in a browser's name.
fn csrf(services: &Services) -> CsrfLayer {
    let layer = CsrfLayer::new();
    // An address that is no origin cannot be trusted, and none is needed then.
    layer
        .clone()
        .add_trusted_origin(&services.config.public_url)
        .unwrap_or(layer)
}

/// Headers that hold for every answer, unless the answer has its own.
static HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    ),
];

async fn safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in &HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// A log line knows the route's pattern and no more: queries and ids in paths can be secret.
fn span(request: &Request<Body>) -> tracing::Span {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("", |m| m.as_str());
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    tracing::info_span!("http.request", http.method = %request.method(), http.route = route, request.id = id)
}
