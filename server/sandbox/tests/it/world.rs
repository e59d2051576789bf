//! A sandbox on a free port, and a client with verbs.

use std::sync::atomic::{AtomicU32, Ordering};

use sandbox::{Config, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const SHOP: &str = "http://127.0.0.1:3000";

pub struct World {
    pub url: String,
    pub http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    pub fn error(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["error"]["code"], code, "{}", self.body);
        self.body["error"].clone()
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(Config {
            seed: 7,
            ..Config::default()
        })
        .await
    }

    pub async fn with(mut config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        config.public_url = url.clone();
        let sandbox = Sandbox::open(config).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            let _ended = stopped.await;
        };
        let served = tokio::spawn(sandbox::serve(listener, sandbox, shutdown));
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            url,
            http,
            stop: Some(stop),
            served,
        }
    }

    /// Ends the process as far as a test can.
    pub async fn stop(mut self) {
        let _gone = self.stop.take().map(|stop| stop.send(()));
        drop(self.http);
        self.served.await.unwrap().unwrap();
    }

    pub fn fresh_key(&self) -> String {
        // Worlds may share a journal, so the keys are of the process.
        static KEYS: AtomicU32 = AtomicU32::new(0);
        format!("key-{}", KEYS.fetch_add(1, Ordering::SeqCst))
    }

    pub async fn try_post(&self, path: &str, form: &str, key: &str) -> reqwest::Result<Answer> {
        let request = self
            .http
            .post(format!("{}/v1/{path}", self.url))
            .basic_auth(sandbox::SECRET_KEY, None::<&str>)
            .header("idempotency-key", key)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        read(request.send().await?).await
    }

    pub async fn post_as(&self, path: &str, form: &str, key: &str) -> Answer {
        self.try_post(path, form, key).await.unwrap()
    }

    pub async fn post(&self, path: &str, form: &str) -> Answer {
        self.post_as(path, form, &self.fresh_key()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self
            .http
            .get(format!("{}/v1/{path}", self.url))
            .bearer_auth(sandbox::SECRET_KEY);
        read(request.send().await.unwrap()).await.unwrap()
    }

    /// A control endpoint: `POST /sandbox/…` or `/bank/…` with JSON.
    pub async fn control(&self, path: &str, body: Value) -> Value {
        let answer = self
            .http
            .post(format!("{}{path}", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub async fn look(&self, path: &str) -> Value {
        self.http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub async fn text(&self, url: &str) -> String {
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    pub async fn fault(&self, operation: &str, kind: &str, more: Value) {
        let mut body = json!({ "operation": operation, "kind": kind });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.control("/sandbox/faults", body).await;
    }

    /// A confirmed intent with a named card.
    pub async fn pay(&self, amount: i64, currency: &str, card: &str, more: &str) -> Answer {
        let form = format!(
            "amount={amount}&currency={currency}&confirm=true&payment_method={card}&return_url={SHOP}/back{more}"
        );
        self.post("payment_intents", &form).await
    }

    pub async fn truth(&self) -> Value {
        self.look("/sandbox/truth").await
    }
}

async fn read(response: reqwest::Response) -> reqwest::Result<Answer> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer {
        status,
        headers,
        body,
    })
}
