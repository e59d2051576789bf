//! The description of the API: as OpenAPI for programs, and as a page for people that is made on
//! the server from the same description, so that it loads no script and cannot drift.

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement, ServerBuilder,
};

use super::AppState;

/// The frame that the routes are written into.
pub fn frame() -> OpenApi {
    let about = "Amounts are decimal strings beside a currency; instants are RFC 3339. Errors are \
                 problems (RFC 9457) with a stable `code`. Lists come in pages: `next` is the \
                 `cursor` of the following one, or null. What has a version has it as its ETag, and \
                 a change of it names that in `If-Match`.";
    let info = InfoBuilder::new()
        .title("Punctual")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "An API token, made by `punctual token create` or under Admin > API tokens.",
        ))
        .build();
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url("/api/v1").build()]))
        .tags(Some(tags()))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("bearer", SecurityScheme::Http(bearer))
                .build(),
        ))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>(
            "bearer",
            [],
        )]))
        .build()
}

/// What the operations are about.
fn tags() -> Vec<Tag> {
    let tag = |name: &str, about: &str| {
        let tag = TagBuilder::new().name(name);
        tag.description(Some(about)).build()
    };
    vec![
        tag("orders", "What customers are asked to pay"),
        tag("payments", "How they pay it"),
        tag("settlement", "What gateways and banks say of it"),
        tag("ledger", "The books"),
        tag("meetings", "Who is free, and what takes their time"),
        tag("attendance", "What was punched, and what its days came to"),
    ]
}

fn description() -> OpenApi {
    let (_, api) = super::routes().split_for_parts();
    api
}

/// `/api/openapi.json` and `/api/docs`.
pub fn documentation() -> Router<AppState> {
    Router::new()
        .route("/api/openapi.json", get(async || axum::Json(description())))
        .route("/api/docs", get(page))
}

async fn page() -> Response {
    let api = serde_json::to_value(description()).unwrap_or_default();
    let mut response = Html(render(&api)).into_response();
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    response
}

fn render(api: &Value) -> String {
    let mut index = String::new();
    let mut body = String::new();
    for (path, methods) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let id = format!(
                "{method}-{}",
                path.trim_matches('/').replace(['/', '{', '}'], "-")
            );
            let title = escape(text(&operation["summary"]));
            let line = format!("<code>{} {}</code>", method.to_uppercase(), escape(path));
            index += &format!("<li><a href=\"#{id}\">{title}</a> {line}</li>");
            body += &format!(
                "<section class=\"api-operation\" id=\"{id}\" aria-labelledby=\"{id}-title\">"
            );
            body += &format!("<h2 id=\"{id}-title\">{title}</h2><p>{line}</p>");
            if let Some(more) = operation["description"].as_str() {
                body += &format!("<p>{}</p>", escape(more));
            }
            body += &parameters(operation);
            body += &schema_block(
                api,
                "Body",
                &operation["requestBody"]["content"]["application/json"]["schema"],
            );
            body += &answers(api, operation);
            body += "</section>";
        }
    }
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>API · Punctual</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"/pkg/punctual.css\"></head><body><main class=\"api-docs\">\
         <h1>API</h1><p>{}</p><p>For programs: <a href=\"/api/openapi.json\">openapi.json</a>.</p>\
         <nav aria-label=\"Operations\"><ul>{index}</ul></nav>{body}</main></body></html>",
        escape(text(&api["info"]["description"])),
    )
}

fn parameters(operation: &Value) -> String {
    let rows: String = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| {
            let required = if p["required"] == true { "required" } else { "optional" };
            format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{required}</td><td>{}</td></tr>",
                escape(text(&p["name"])),
                escape(text(&p["in"])),
                escape(text(&p["description"])),
            )
        })
        .collect();
    if rows.is_empty() {
        return rows;
    }
    format!(
        "<h3>Parameters</h3><div class=\"api-scroll\" tabindex=\"0\">\
         <table><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Where</th><th scope=\"col\">Needed</th>\
         <th scope=\"col\">Meaning</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn answers(api: &Value, operation: &Value) -> String {
    let mut html = String::new();
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let title = format!("{status}: {}", text(&answer["description"]));
        let schema = &answer["content"]["application/json"]["schema"];
        let block = schema_block(api, &title, schema);
        html += &if block.is_empty() {
            format!("<h3>{}</h3>", escape(&title))
        } else {
            block
        };
    }
    html
}

fn schema_block(api: &Value, title: &str, schema: &Value) -> String {
    if schema.is_null() {
        return String::new();
    }
    let mut lines = String::new();
    describe(api, schema, 0, &mut lines);
    format!(
        "<h3>{}</h3><pre tabindex=\"0\"><code>{lines}</code></pre>",
        escape(title)
    )
}

/// How deep a schema is written out before only its name is given.
const DEPTH: usize = 4;

fn describe(api: &Value, schema: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or("");
        let target = &api["components"]["schemas"][name];
        if depth >= DEPTH || target.is_null() {
            *out += &format!("{indent}{}\n", escape(name));
        } else {
            describe(api, target, depth, out);
        }
        return;
    }
    for part in ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema[key].as_array())
    {
        for choice in part.iter().filter(|choice| choice["type"] != "null") {
            describe(api, choice, depth, out);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|w| escape(text(w))).collect();
        *out += &format!("{indent}{}\n", words.join(" | "));
    } else if schema["items"].is_object() {
        *out += &format!("{indent}a list of\n");
        describe(api, &schema["items"], depth + 1, out);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let simple = field["type"]
            .as_str()
            .filter(|kind| !matches!(*kind, "object" | "array"));
        let note = text(&field["description"]);
        let note = if note.is_empty() {
            String::new()
        } else {
            format!("  — {}", escape(note))
        };
        *out += &format!("{indent}{}: {}{note}\n", escape(name), simple.unwrap_or(""));
        if simple.is_none() && depth < DEPTH {
            describe(api, field, depth + 1, out);
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
