//! Runs the real program against a test's own database and sandbox.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use identity::Identity;
use model::identity::{CreatePerson, CreateToken};
use model::{Actor, Permission, Role};
use serde_json::{Value, json};
use sqlx::PgPool;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A sandbox in this process, on a port of its own.
pub struct Gateway {
    pub addr: SocketAddr,
    pub http: reqwest::Client,
}

impl Gateway {
    pub async fn start() -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let addr = listener.local_addr().expect("a bound address");
        let config = sandbox::Config {
            public_url: format!("http://{addr}"),
            ..sandbox::Config::default()
        };
        let sandbox = sandbox::Sandbox::open(config).expect("a sandbox without a journal");
        tokio::spawn(sandbox::serve(listener, sandbox, std::future::pending()));
        Self {
            addr,
            http: reqwest::Client::new(),
        }
    }

    /// What really happened to the money.
    pub async fn truth(&self) -> Value {
        let url = format!("http://{}/sandbox/truth", self.addr);
        self.http
            .get(url)
            .send()
            .await
            .expect("the sandbox answers")
            .json()
            .await
            .expect("JSON")
    }

    pub async fn fault(&self, fault: &Value) {
        let url = format!("http://{}/sandbox/faults", self.addr);
        let answer = self
            .http
            .post(url)
            .json(fault)
            .send()
            .await
            .expect("the sandbox answers");
        assert!(
            answer.status().is_success(),
            "the sandbox knows no such fault: {fault}"
        );
    }
}

/// A running server on the test's database.
pub struct Server {
    child: Child,
    pub base: String,
    pub http: reqwest::Client,
}

impl Server {
    /// Starts the program and waits until it is ready. `kill_at` is a point at which it kills
    /// itself.
    pub async fn start(pool: &PgPool, gateway: &Gateway, kill_at: Option<&str>) -> Self {
        let kill_at = kill_at.map(|point| ("PUNCTUAL_KILL_AT", point));
        Self::start_with(pool, gateway, kill_at.as_slice()).await
    }

    /// The same, with more of the environment set.
    pub async fn start_with(pool: &PgPool, gateway: &Gateway, more: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let home = std::env::temp_dir().join(format!("punctual-it-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a folder of our own");
        let stripe = format!("http://{}/stripe", gateway.addr);
        let mut command = Command::new(env!("CARGO_BIN_EXE_punctual"));
        command
            .arg("serve")
            .current_dir(&home)
            .env("DATABASE_URL", database_url(pool))
            .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
            .env("PUNCTUAL_DATA_DIR", &home)
            .env("PUNCTUAL_MASTER_KEY", "11".repeat(32))
            .env("STRIPE_API_BASE", &stripe)
            .env("STRIPE_JS_URL", format!("{stripe}/js"))
            .env("STRIPE_SECRET_KEY", sandbox::SECRET_KEY)
            .env("STRIPE_PUBLISHABLE_KEY", sandbox::PUBLISHABLE_KEY)
            .env("STRIPE_WEBHOOK_SECRET", sandbox::WEBHOOK_SECRET)
            .env("RUST_LOG", "warn")
            .envs(more.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        let child = command.spawn().expect("the program starts");
        let server = Self {
            child,
            base: format!("http://127.0.0.1:{port}"),
            http: reqwest::Client::new(),
        };
        server.await_ready().await;
        server
    }

    async fn await_ready(&self) {
        let url = format!("{}/readyz", self.base);
        let started = Instant::now();
        loop {
            if self
                .http
                .get(&url)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "the server did not become ready"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn post(
        &self,
        token: &str,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<(u16, Value)> {
        let url = format!("{}/api/v1{path}", self.base);
        let answer = self
            .http
            .post(url)
            .bearer_auth(token)
            .json(body)
            .send()
            .await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await?))
    }

    /// Asks the program to end, as an operator does.
    pub fn stop(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &kill]).status();
        assert!(asked.expect("a shell").success(), "{kill} failed");
    }

    /// Waits for the program to end by itself.
    pub async fn await_end(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "the server did not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address of the test's database, for another process.
fn database_url(pool: &PgPool) -> String {
    let base = std::env::var("DATABASE_URL").expect("tests run with a database");
    let options = pool.connect_options();
    let name = options
        .get_database()
        .expect("a test has a database of its own");
    let (address, query) = base
        .split_once('?')
        .map_or((base.as_str(), ""), |(a, q)| (a, q));
    let (server, _) = address
        .rsplit_once('/')
        .expect("the address names a database");
    if query.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{query}")
    }
}

/// A token that may do everything with payments.
pub async fn token(pool: &PgPool) -> String {
    let scopes = [
        Permission::PaymentsRead,
        Permission::PaymentsWrite,
        Permission::LedgerRead,
    ];
    token_with(&identity_on(pool).await, &scopes).await
}

/// The service that makes people and tokens. One for a test: a second would draw the same ids.
pub async fn identity_on(pool: &PgPool) -> Identity {
    Identity::new(testkit::world(pool).await.deps)
}

/// A token with these scopes.
pub async fn token_with(identity: &Identity, scopes: &[Permission]) -> String {
    let request = CreateToken {
        name: "test".into(),
        scopes: scopes.to_vec(),
        expires_in_days: None,
    };
    let made = identity
        .create_token(&Actor::system("test"), &request)
        .await
        .expect("a token");
    made.secret.expose().to_owned()
}

/// The cookie of a new person with one role, who has signed in.
pub async fn session(server: &Server, identity: &Identity, role: Role) -> String {
    const PASSWORD: &str = "a person of the tests";
    let request = CreatePerson {
        email: format!("{role}@test.example"),
        name: role.to_string(),
        zone: "UTC".into(),
        roles: vec![role],
        password: Some(PASSWORD.into()),
    };
    identity
        .create_person(&Actor::system("test"), &request)
        .await
        .expect("a person");
    let answer = server
        .http
        .post(format!("{}/fn/app/api/identity/sign_in", server.base))
        .form(&[("email", request.email.as_str()), ("password", PASSWORD)])
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 200, "{} cannot sign in", request.email);
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    let (pair, _) = cookie.split_once(';').expect("a cookie has attributes");
    pair.to_owned()
}

/// A new order over 49.90 EUR; gives its id.
pub async fn order(server: &Server, token: &str, reference: &str) -> String {
    let body = json!({
        "reference": reference, "amount": "49.90", "currency": "EUR", "description": "Probe set",
        "customer": {"email": "einkauf@lindenau.example", "name": "Werkstatt Lindenau"},
    });
    let (status, order) = server
        .post(token, "/orders", &body)
        .await
        .expect("an answer");
    assert_eq!(status, 201, "{order}");
    order["id"].as_str().expect("an id").to_owned()
}

/// The body that pays an order.
pub fn payment(order: &str, key: &str) -> Value {
    json!({
        "orderId": order, "amount": "49.90", "currency": "EUR",
        "method": {"type": "card", "token": "pm_card_visa"}, "idempotencyKey": key,
    })
}

/// Waits until a query gives `wanted`.
pub async fn await_value(pool: &PgPool, query: &'static str, wanted: &str, after: &str) {
    let started = Instant::now();
    loop {
        let found: Option<String> = sqlx::query_scalar(query)
            .fetch_optional(pool)
            .await
            .expect("a query");
        if found.as_deref() == Some(wanted) {
            return;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "after {after}: still {found:?}, not {wanted}: {query}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
