//! What these tests share: the domain with a sandbox of its own, and files to bring in.

use std::sync::Arc;

use ledger::Ledger;
use model::payments::{CaptureMode, CreateOrder, CreatePayment, Customer, Method, PaymentStatus};
use model::settlement::{ImportSummary, ItemFilter, OpenReason};
use model::{Actor, Currency, PaymentId};
use payments::gateways::{Gateways, stripe};
use payments::{Config, Payments};
use platform::jobs::Registry;
use serde_json::Value;
use sqlx::PgPool;
use testkit::TestWorld;

pub struct World {
    pub test: TestWorld,
    pub payments: Payments,
    ledger: Ledger,
    registry: Registry,
    sandbox: String,
    http: reqwest::Client,
    pub actor: Actor,
    pool: PgPool,
}

impl World {
    pub async fn new(pool: &PgPool) -> Self {
        let test = testkit::world(pool).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let config = sandbox::Config {
            public_url: url.clone(),
            seed: 11,
            ..sandbox::Config::default()
        };
        let opened = sandbox::Sandbox::open(config).unwrap();
        tokio::spawn(sandbox::serve(listener, opened, std::future::pending()));
        let settings = stripe::Settings {
            api_base: url.clone(),
            secret_key: sandbox::SECRET_KEY.into(),
            publishable_key: sandbox::PUBLISHABLE_KEY.into(),
            webhook_secret: sandbox::WEBHOOK_SECRET.into(),
            js_url: format!("{url}/stripe/js"),
        };
        let http = test.deps.http.clone();
        let gateways =
            Gateways::default().with(Arc::new(stripe::Stripe::new(settings, http.clone())));
        let ledger = Ledger::new(test.deps.clone());
        let config = Config {
            public_url: "http://127.0.0.1:3000".into(),
            organisation: "Test GmbH".into(),
        };
        let payments = Payments::new(test.deps.clone(), ledger.clone(), config, gateways);
        let mut registry = Registry::new();
        payments.register_jobs(&mut registry);
        let actor = Actor::system("test");
        Self {
            test,
            payments,
            ledger,
            registry,
            sandbox: url,
            http,
            actor,
            pool: pool.clone(),
        }
    }

    pub async fn pays(&self, reference: &str, amount: &str) -> PaymentId {
        let order = CreateOrder {
            reference: reference.into(),
            amount: amount.into(),
            currency: "EUR".into(),
            description: "Tea".into(),
            customer: Customer {
                email: "ann@example.org".into(),
                name: "Ann".into(),
            },
            capture: CaptureMode::Automatic,
            expires_at: None,
        };
        let order = self
            .payments
            .create_order(&self.actor, &order)
            .await
            .unwrap();
        let request = CreatePayment {
            order_id: order.id,
            amount: amount.into(),
            currency: "EUR".into(),
            method: Method::Card {
                token: "pm_card_visa".into(),
            },
            idempotency_key: None,
        };
        let paid = self
            .payments
            .create_payment(&self.actor, &request, reference)
            .await
            .unwrap();
        assert_eq!(paid.status, PaymentStatus::Captured);
        paid.id
    }

    /// Runs a settlement; gives the gateway's report and the bank's statement.
    pub async fn cycle(&self) -> (String, String) {
        let answer: Value = self
            .http
            .post(format!("{}/sandbox/cycle", self.sandbox))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let mut texts = Vec::new();
        for file in answer["files"].as_array().unwrap() {
            let url = file["url"].as_str().unwrap();
            texts.push(
                self.http
                    .get(url)
                    .send()
                    .await
                    .unwrap()
                    .text()
                    .await
                    .unwrap(),
            );
        }
        let statement = texts.pop().expect("a statement");
        (texts.pop().expect("a report"), statement)
    }

    pub async fn imports(&self, name: &str, text: &str) -> ImportSummary {
        self.payments
            .import_file(&self.actor, name, text.as_bytes(), false)
            .await
            .unwrap()
    }

    /// Runs what is due. Of other domains' jobs nobody here knows.
    pub async fn runs_jobs(&self) {
        let (_, errors) = self.test.drain_with_errors(&self.registry).await;
        let ours: Vec<_> = errors
            .iter()
            .filter(|(kind, _)| kind.starts_with("payments."))
            .collect();
        assert!(ours.is_empty(), "jobs failed: {ours:?}");
    }

    pub async fn status(&self, payment: PaymentId) -> PaymentStatus {
        self.payments
            .payment(&self.actor, payment)
            .await
            .unwrap()
            .status
    }

    pub async fn balance(&self, account: &str) -> i64 {
        let mut conn = self.pool.acquire().await.unwrap();
        self.ledger
            .balance_in_tx(&mut conn, account, Currency::EUR)
            .await
            .unwrap()
            .minor
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    pub async fn open(&self) -> Vec<(OpenReason, usize)> {
        let page = self
            .payments
            .reconciliation_items(&self.actor, &ItemFilter::default())
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|item| (item.reason.unwrap(), item.candidates.len()))
            .collect()
    }

    /// Everything the gateway held is at the bank, and both columns of the books are equal.
    pub async fn is_all_at_the_bank(&self) {
        assert_eq!(self.balance("Assets:PSP:stripe:Pending").await, 0);
        assert_eq!(self.balance("Assets:PayoutInTransit:stripe").await, 0);
        let trial = self.ledger.trial_balance(&self.actor, None).await.unwrap();
        for part in trial.currencies {
            assert_eq!(part.debit, part.credit);
        }
        let summary = self
            .payments
            .reconciliation_summary(&self.actor)
            .await
            .unwrap();
        assert_eq!((summary.open_count, summary.match_rate), (0, Some(1.0)));
        assert!(summary.in_transit.is_empty());
        assert_eq!(summary.proof.len(), 1);
        assert_eq!(summary.proof[0].difference.minor, 0);
        assert_eq!(summary.proof[0].bank, summary.proof[0].ledger);
    }
}

/// A credit of a day; without a reference of the bank when that is empty.
pub fn entry(amount: &str, reference: &str, text: &str) -> String {
    let servicer = match reference {
        "" => String::new(),
        some => format!("<AcctSvcrRef>{some}</AcctSvcrRef>"),
    };
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-11-03</Dt></BookgDt><ValDt><Dt>2026-11-03</Dt></ValDt>{servicer}\
         <NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )
}

/// A statement whose closing balance is what its entries make.
pub fn statement(id: &str, number: u32, opening: &str, entries: &[String]) -> String {
    let amount = |entry: &String| -> f64 {
        let start = entry.find("EUR\">").unwrap() + 5;
        entry[start..start + entry[start..].find('<').unwrap()]
            .parse()
            .unwrap()
    };
    let closing = opening.parse::<f64>().unwrap() + entries.iter().map(amount).sum::<f64>();
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-03</Dt></Dt></Bal>\n"
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\
         <BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>\n<Stmt><Id>{id}</Id>\
         <ElctrncSeqNb>{number}</ElctrncSeqNb>\
         <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{}{}{}</Stmt>\
         </BkToCstmrStmt></Document>\n",
        balance("OPBD", opening),
        balance("CLBD", &format!("{closing:.2}")),
        entries.concat(),
    )
}

/// A report of charges without fees: payout, movement, payment, amount.
pub fn report(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut text = "automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,\
                    available_on,currency,gross,fee,net,reporting_category,source_id,payment_intent_id\n"
        .to_owned();
    for (payout, movement, payment, amount) in rows {
        text.push_str(&format!(
            "{payout},2026-11-02 00:00:00,{movement},2026-11-01 09:00:00,2026-11-02 00:00:00,eur,\
             {amount},0.00,{amount},charge,ch_{movement},{payment}\n"
        ));
    }
    text
}
