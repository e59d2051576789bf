//! The one shared state: tables of objects, ids in sequence, and the list of what changed.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Config;
use crate::bank::{Account, BankLine, Statement};
use crate::cycle::StoredFile;
use crate::journal::{Change, Entry, Journal};
use crate::stripe::balance::BalanceTransaction;
use crate::stripe::charges::Charge;
use crate::stripe::customers::Customer;
use crate::stripe::disputes::Dispute;
use crate::stripe::endpoints::Endpoint;
use crate::stripe::events::Event;
use crate::stripe::idempotency::StoredAnswer;
use crate::stripe::intents::Intent;
use crate::stripe::methods::PaymentMethod;
use crate::stripe::payouts::Payout;
use crate::stripe::refunds::Refund;
use crate::webhooks::{self, Delivery};

/// An object that the state keeps under an id.
pub(crate) trait Record: Serialize + DeserializeOwned + Clone {
    /// Its name in the journal.
    const KIND: &'static str;
    fn id(&self) -> &str;
    fn table(state: &State) -> &Table<Self>;
    fn table_mut(state: &mut State) -> &mut Table<Self>;
}

/// Rows by id, and their ids in the order of creation.
pub(crate) struct Table<T> {
    rows: HashMap<String, T>,
    order: Vec<String>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            rows: HashMap::new(),
            order: Vec::new(),
        }
    }
}

impl<T> Table<T> {
    /// All rows, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.order.iter().filter_map(|id| self.rows.get(id))
    }

    fn insert(&mut self, id: &str, row: T) {
        if self.rows.insert(id.to_owned(), row).is_none() {
            self.order.push(id.to_owned());
        }
    }

    fn remove(&mut self, id: &str) {
        if self.rows.remove(id).is_some() {
            self.order.retain(|known| known != id);
        }
    }
}

/// A value of the sandbox itself, such as its clock.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Setting {
    pub(crate) id: String,
    pub(crate) value: Value,
}

macro_rules! tables {
    ($($field:ident: $row:ty = $kind:literal;)*) => {
        #[derive(Default)]
        struct Tables { $($field: Table<$row>,)* }

        impl Tables {
            fn replay(&mut self, change: Change) -> Result<(), serde_json::Error> {
                match change.kind.as_str() {
                    $($kind => match change.object {
                        Value::Null => self.$field.remove(&change.id),
                        object => self.$field.insert(&change.id, serde_json::from_value(object)?),
                    },)*
                    other => tracing::warn!(kind = other, "the journal names an unknown kind"),
                }
                Ok(())
            }

            fn dump(&self) -> Result<Vec<Change>, serde_json::Error> {
                let mut all = Vec::new();
                $(for row in self.$field.iter() { all.push(change_of(row)?); })*
                Ok(all)
            }
        }

        $(impl Record for $row {
            const KIND: &'static str = $kind;
            fn id(&self) -> &str { &self.id }
            fn table(state: &State) -> &Table<Self> { &state.tables.$field }
            fn table_mut(state: &mut State) -> &mut Table<Self> { &mut state.tables.$field }
        })*
    };
}

tables! {
    settings: Setting = "setting";
    customers: Customer = "customer";
    methods: PaymentMethod = "payment_method";
    intents: Intent = "payment_intent";
    charges: Charge = "charge";
    refunds: Refund = "refund";
    disputes: Dispute = "dispute";
    balance: BalanceTransaction = "balance_transaction";
    payouts: Payout = "payout";
    events: Event = "event";
    endpoints: Endpoint = "webhook_endpoint";
    deliveries: Delivery = "delivery";
    answers: StoredAnswer = "idempotency_key";
    accounts: Account = "bank_account";
    lines: BankLine = "bank_line";
    statements: Statement = "bank_statement";
    files: StoredFile = "file";
}

fn change_of<T: Record>(row: &T) -> Result<Change, serde_json::Error> {
    Ok(Change {
        kind: T::KIND.to_owned(),
        id: row.id().to_owned(),
        object: serde_json::to_value(row)?,
    })
}

/// Everything the sandbox knows.
pub(crate) struct State {
    tables: Tables,
    journal: Option<Journal>,
    unwritten: Vec<Change>,
    seed: u64,
    seq: u64,
    /// The request being answered, for the events it causes: its id and idempotency key.
    pub(crate) request: Option<(String, Option<String>)>,
    /// A moment that counts as now while one operation runs, whatever the clock says.
    pub(crate) pinned: Option<DateTime<Utc>>,
    /// Deliveries that wait, by the millisecond of real time when they are due.
    pub(crate) outgoing: BTreeSet<(i64, String)>,
}

impl State {
    /// Replays the journal, drops stale idempotency keys and rewrites the file.
    pub(crate) fn open(config: &Config) -> anyhow::Result<Self> {
        let seed = if config.seed == 0 {
            fresh_seed()
        } else {
            config.seed
        };
        let mut state = Self {
            tables: Tables::default(),
            journal: None,
            unwritten: Vec::new(),
            seed,
            seq: 0,
            request: None,
            pinned: None,
            outgoing: BTreeSet::new(),
        };
        if let Some(path) = &config.journal {
            for entry in Journal::read(path)? {
                state.seq = state.seq.max(entry.seq);
                for change in entry.changes {
                    state.tables.replay(change)?;
                }
            }
            crate::stripe::idempotency::prune(&mut state);
        }
        crate::stripe::endpoints::configure(&mut state, config);
        webhooks::requeue(&mut state);
        if let Some(path) = &config.journal {
            state.journal = Some(Journal::compact(path, state.seq, state.tables.dump()?)?);
        }
        Ok(state)
    }

    /// Keeps an object as it is now.
    pub(crate) fn put<T: Record>(&mut self, row: T) {
        if self.journal.is_some() {
            self.unwritten
                .push(change_of(&row).expect("our own objects are plain JSON"));
        }
        let id = row.id().to_owned();
        T::table_mut(self).insert(&id, row);
    }

    /// Forgets an object.
    pub(crate) fn remove<T: Record>(&mut self, id: &str) {
        self.note_removal::<T>(id);
        T::table_mut(self).remove(id);
    }

    /// Forgets many objects in one pass.
    pub(crate) fn remove_where<T: Record + 'static>(&mut self, gone: impl Fn(&T) -> bool) {
        let ids: Vec<String> = self
            .all::<T>()
            .filter(|row| gone(row))
            .map(|row| row.id().to_owned())
            .collect();
        if ids.is_empty() {
            return;
        }
        for id in &ids {
            self.note_removal::<T>(id);
        }
        let Table { rows, order } = T::table_mut(self);
        rows.retain(|_, row| !gone(row));
        order.retain(|id| rows.contains_key(id));
    }

    fn note_removal<T: Record>(&mut self, id: &str) {
        if self.journal.is_some() {
            self.unwritten.push(Change {
                kind: T::KIND.to_owned(),
                id: id.to_owned(),
                object: Value::Null,
            });
        }
    }

    /// An object by id.
    pub(crate) fn find<T: Record>(&self, id: &str) -> Option<&T> {
        T::table(self).rows.get(id)
    }

    /// All objects of a kind, oldest first.
    pub(crate) fn all<T: Record + 'static>(&self) -> impl DoubleEndedIterator<Item = &T> {
        T::table(self).iter()
    }

    /// Writes what changed since the last call as one line.
    pub(crate) fn flush(&mut self) -> std::io::Result<()> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let changes = std::mem::take(&mut self.unwritten);
        match &mut self.journal {
            Some(journal) => journal.append(&Entry {
                seq: self.seq,
                changes,
            }),
            None => Ok(()),
        }
    }

    /// The sandbox's idea of now.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        if let Some(moment) = self.pinned {
            return moment;
        }
        self.find::<Setting>("clock")
            .and_then(|clock| serde_json::from_value(clock.value.clone()).ok())
            .unwrap_or_else(Utc::now)
    }

    /// Now in the whole seconds that the API speaks in.
    pub(crate) fn now_seconds(&self) -> i64 {
        self.now().timestamp()
    }

    /// A new id such as `pi_3kT…`: unique for the seed, in a repeatable sequence.
    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        format!("{prefix}_{}", self.letters(24))
    }

    /// Letters and digits in a repeatable sequence.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8; 62] =
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut text = String::with_capacity(count + 11);
        while text.len() < count {
            self.seq += 1;
            // Stepping a bijective mixer over a counter cannot repeat within 2^64 steps.
            let mut word = mix(self
                .seed
                .wrapping_add(self.seq.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
            for _ in 0..11 {
                text.push(char::from(ALPHABET[(word % 62) as usize]));
                word /= 62;
            }
        }
        text.truncate(count);
        text
    }

    /// Counts up a named number that survives a restart, starting at 1.
    pub(crate) fn next_number(&mut self, name: &str) -> u64 {
        let next = self
            .find::<Setting>(name)
            .and_then(|s| s.value.as_u64())
            .unwrap_or(0)
            + 1;
        self.put(Setting {
            id: name.to_owned(),
            value: next.into(),
        });
        next
    }
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(Utc::now().timestamp_nanos_opt()) | 1
}
