//! Which line is explained by what: pure decisions over plain values, without a database.
//!
//! * [`captures`]: the gateway's lines of payments against our payments, by the gateway's own ids.
//! * [`payouts`]: the bank's lines against payouts, first by name, then by amount and day.
//!
//! Rules that hold for all of them: a line is claimed at most once, and so is a payout; the order
//! of the input does not matter; where two things would do, neither is taken. A wrong match costs
//! more than an open line, so there is no guess here and no tolerance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use model::settlement::{MatchRule, OpenReason};
use model::{ItemId, Money, PaymentId, PayoutId};

/// How many days after it takes effect a payout may arrive.
pub const PAYOUT_DAYS: i64 = 5;
/// How many characters a name of a payout has at least; shorter ones are numbers that turn up
/// anywhere.
pub const MIN_NAME: usize = 6;
/// How many candidates an ambiguous line shows.
pub const MAX_CANDIDATES: usize = 20;

/// A gateway's line of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureLine {
    /// The line.
    pub id: ItemId,
    /// The gateway.
    pub gateway: String,
    /// The gateway's id of the payment.
    pub intent: Option<String>,
    /// The gateway's id of the charge.
    pub charge: Option<String>,
    /// Before the fee; negative for the part of a hold that was let go.
    pub gross: Money,
}

/// A payment as the books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedPayment {
    /// The payment.
    pub id: PaymentId,
    /// The gateway.
    pub gateway: String,
    /// The gateway's id of the payment.
    pub intent: Option<String>,
    /// The gateway's id of the charge.
    pub charge: Option<String>,
    /// What was taken; zero while nothing was.
    pub captured: Money,
    /// How much of it lines matched earlier explain, in minor units.
    pub explained_minor: i64,
}

/// Why a line stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For programs.
    pub reason: OpenReason,
    /// For people: one sentence.
    pub explanation: String,
    /// The payment that it seems to be of.
    pub payment: Option<PaymentId>,
    /// The payouts that it might be, the smallest id first.
    pub candidates: Vec<PayoutId>,
}

impl Refusal {
    /// A reason with its sentence.
    pub fn new(reason: OpenReason, explanation: impl Into<String>) -> Self {
        Self {
            reason,
            explanation: explanation.into(),
            payment: None,
            candidates: Vec::new(),
        }
    }

    fn of_payment(mut self, payment: PaymentId) -> Self {
        self.payment = Some(payment);
        self
    }

    fn with(mut self, candidates: impl IntoIterator<Item = PayoutId>) -> Self {
        let all: BTreeSet<PayoutId> = candidates.into_iter().collect();
        self.candidates = all.into_iter().take(MAX_CANDIDATES).collect();
        self
    }
}

/// Matches lines with payments by the gateway's ids. All lines of a payment are taken together,
/// since a gateway may write a partial capture as the whole and a part given back: they match when
/// they, with what was matched before, make exactly what was captured.
pub fn captures(
    lines: &[CaptureLine],
    payments: &[ExpectedPayment],
) -> BTreeMap<ItemId, Result<PaymentId, Refusal>> {
    let mut by_intent: HashMap<(&str, &str), BTreeSet<usize>> = HashMap::new();
    let mut by_charge: HashMap<(&str, &str), BTreeSet<usize>> = HashMap::new();
    for (place, payment) in payments.iter().enumerate() {
        if let Some(intent) = &payment.intent {
            by_intent
                .entry((&payment.gateway, intent))
                .or_default()
                .insert(place);
        }
        if let Some(charge) = &payment.charge {
            by_charge
                .entry((&payment.gateway, charge))
                .or_default()
                .insert(place);
        }
    }
    let mut verdicts = BTreeMap::new();
    let mut groups: HashMap<PaymentId, (usize, Vec<&CaptureLine>)> = HashMap::new();
    for line in lines {
        let find = |index: &HashMap<(&str, &str), BTreeSet<usize>>, id: &Option<String>| {
            id.as_deref()
                .and_then(|id| index.get(&(line.gateway.as_str(), id)))
                .cloned()
                .unwrap_or_default()
        };
        let mut found = find(&by_intent, &line.intent);
        found.extend(find(&by_charge, &line.charge));
        let ids: BTreeSet<PaymentId> = found.iter().map(|place| payments[*place].id).collect();
        match (ids.first(), found.first()) {
            (Some(id), Some(place)) if ids.len() == 1 => {
                groups
                    .entry(*id)
                    .or_insert_with(|| (*place, Vec::new()))
                    .1
                    .push(line);
            }
            (None, _) | (_, None) => {
                verdicts.insert(line.id, Err(unknown_payment(line)));
            }
            _ => {
                let text = "Its ids at the gateway lead to different payments of ours.";
                verdicts.insert(line.id, Err(Refusal::new(OpenReason::Ambiguous, text)));
            }
        }
    }
    for (id, (place, group)) in groups {
        let verdict = judge_payment(&payments[place], &group);
        for line in group {
            let verdict = match &verdict {
                Ok(()) => Ok(id),
                Err(refusal) => Err(refusal.clone()),
            };
            verdicts.insert(line.id, verdict);
        }
    }
    verdicts
}

fn unknown_payment(line: &CaptureLine) -> Refusal {
    let text = match line.intent.as_deref().or(line.charge.as_deref()) {
        Some(id) => format!("No payment of ours is {id} at {}.", line.gateway),
        None => "The report gives no id of a payment with it.".to_owned(),
    };
    Refusal::new(OpenReason::UnknownPayment, text)
}

fn judge_payment(payment: &ExpectedPayment, group: &[&CaptureLine]) -> Result<(), Refusal> {
    let captured = payment.captured;
    if let Some(other) = group
        .iter()
        .find(|line| line.gross.currency != captured.currency)
    {
        let text = format!(
            "The gateway says {}, the payment is in {}.",
            other.gross.display(),
            captured.currency
        );
        return Err(Refusal::new(OpenReason::CurrencyDiffers, text).of_payment(payment.id));
    }
    if captured.minor == 0 {
        let text = "The gateway reports the payment as taken; here it is not.";
        return Err(Refusal::new(OpenReason::NotCaptured, text).of_payment(payment.id));
    }
    let sum = group.iter().try_fold(payment.explained_minor, |sum, line| {
        sum.checked_add(line.gross.minor)
    });
    if sum == Some(captured.minor) {
        return Ok(());
    }
    let told = Money::new(sum.unwrap_or(i64::MAX), captured.currency);
    let text = format!(
        "The gateway’s lines make {}, the payment took {}.",
        told.display(),
        captured.display()
    );
    Err(Refusal::new(OpenReason::AmountDiffers, text).of_payment(payment.id))
}

/// A line of the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    /// The line.
    pub id: ItemId,
    /// What it does to the account.
    pub amount: Money,
    /// The day it was booked and the day from which it counts; either may be the payout's.
    pub days: Vec<NaiveDate>,
    /// The payer's end-to-end id.
    pub end_to_end_id: Option<String>,
    /// All references and words in which a payout may be named.
    pub words: Vec<String>,
}

/// A payout that should arrive, or has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedPayout {
    /// The payout.
    pub id: PayoutId,
    /// The gateway's id.
    pub reference: String,
    /// The id that the bank's line should carry.
    pub trace: Option<String>,
    /// What should arrive.
    pub net: Money,
    /// The day on which it takes effect.
    pub effective_on: Option<NaiveDate>,
    /// Whether a bank line has brought it already.
    pub arrived: bool,
}

/// The outcome for a bank line.
pub type BankVerdict = Result<(PayoutId, MatchRule), Refusal>;

/// Matches bank lines with payouts. A line that names a payout (its trace or its id, as a whole
/// word) can only be that one. A line that names none is matched by amount and day alone if it fits
/// just one payout and that payout fits no other such line.
pub fn payouts(lines: &[BankLine], payouts: &[ExpectedPayout]) -> BTreeMap<ItemId, BankVerdict> {
    let names = Names::of(payouts);
    let named: Vec<(&BankLine, BTreeSet<usize>)> = lines
        .iter()
        .map(|line| (line, names.in_line(line)))
        .collect();
    let (with_name, without): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|(_, at)| !at.is_empty());

    // How many lines could each named payout be?
    let mut claims: HashMap<usize, usize> = HashMap::new();
    for (line, places) in &with_name {
        for place in places {
            if !payouts[*place].arrived && disagreement(line, &payouts[*place]).is_none() {
                *claims.entry(*place).or_default() += 1;
            }
        }
    }
    let mut verdicts = BTreeMap::new();
    for (line, places) in &with_name {
        verdicts.insert(line.id, judge_named(line, places, payouts, &claims));
    }

    let taken: BTreeSet<usize> = with_name
        .iter()
        .flat_map(|(_, places)| places.iter().copied())
        .collect();
    let free: Vec<usize> = (0..payouts.len())
        .filter(|place| !taken.contains(place) && !payouts[*place].arrived)
        .collect();
    let mut by_amount: HashMap<(model::Currency, i64), Vec<usize>> = HashMap::new();
    for place in free {
        let net = payouts[place].net;
        by_amount
            .entry((net.currency, net.minor))
            .or_default()
            .push(place);
    }
    let mut edges: Vec<(&BankLine, Vec<usize>)> = Vec::with_capacity(without.len());
    let mut suitors: HashMap<usize, usize> = HashMap::new();
    for (line, _) in without {
        let same = by_amount.get(&(line.amount.currency, line.amount.minor));
        let fits: Vec<usize> = same
            .into_iter()
            .flatten()
            .copied()
            .filter(|place| fits_unnamed(line, &payouts[*place]))
            .collect();
        for place in &fits {
            *suitors.entry(*place).or_default() += 1;
        }
        edges.push((line, fits));
    }
    for (line, fits) in edges {
        let verdict = match fits.as_slice() {
            [] => Err(unidentified(line)),
            [only] if suitors.get(only) == Some(&1) => {
                Ok((payouts[*only].id, MatchRule::PayoutOnlyOne))
            }
            [only] => {
                let text = "More than one bank line could be this payout, and none names it.";
                Err(Refusal::new(OpenReason::Ambiguous, text).with([payouts[*only].id]))
            }
            many => {
                let text = format!(
                    "{} payouts of this amount could be it, and it names none.",
                    many.len()
                );
                Err(Refusal::new(OpenReason::Ambiguous, text)
                    .with(many.iter().map(|place| payouts[*place].id)))
            }
        };
        verdicts.insert(line.id, verdict);
    }
    verdicts
}

/// Finds payouts by the words of a line.
struct Names<'a>(HashMap<&'a str, BTreeSet<usize>>);

impl<'a> Names<'a> {
    fn of(payouts: &'a [ExpectedPayout]) -> Self {
        let mut names: HashMap<&str, BTreeSet<usize>> = HashMap::new();
        for (place, payout) in payouts.iter().enumerate() {
            for name in payout.trace.iter().chain([&payout.reference]) {
                if name.len() >= MIN_NAME {
                    names.entry(name).or_default().insert(place);
                }
            }
        }
        Self(names)
    }

    fn in_line(&self, line: &BankLine) -> BTreeSet<usize> {
        words_of(line)
            .filter_map(|word| self.0.get(word))
            .flatten()
            .copied()
            .collect()
    }
}

/// The texts of a line in which a payout may be named, each as a whole and word by word.
pub fn words_of(line: &BankLine) -> impl Iterator<Item = &str> {
    let between = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    line.end_to_end_id
        .iter()
        .chain(&line.words)
        .flat_map(move |text| std::iter::once(text.as_str()).chain(text.split(between)))
}

fn judge_named(
    line: &BankLine,
    places: &BTreeSet<usize>,
    payouts: &[ExpectedPayout],
    claims: &HashMap<usize, usize>,
) -> BankVerdict {
    let all = places.iter().map(|place| payouts[*place].id);
    let agreeing: Vec<usize> = places
        .iter()
        .copied()
        .filter(|place| !payouts[*place].arrived && disagreement(line, &payouts[*place]).is_none())
        .collect();
    match agreeing.as_slice() {
        [only] if claims.get(only) == Some(&1) => Ok((payouts[*only].id, MatchRule::PayoutNamed)),
        [only] => {
            let text = format!(
                "More than one bank line names {} with its amount.",
                payouts[*only].reference
            );
            Err(Refusal::new(OpenReason::Ambiguous, text).with([payouts[*only].id]))
        }
        [] => {
            // Of several, the smallest id speaks, whatever order they came in.
            let open = places.iter().filter(|place| !payouts[**place].arrived);
            let open = open.min_by_key(|place| payouts[**place].id);
            let refusal = match open.and_then(|place| disagreement(line, &payouts[*place])) {
                Some(refusal) => refusal,
                None => Refusal::new(
                    OpenReason::Duplicate,
                    "The payout that it names has arrived with another bank line.",
                ),
            };
            Err(refusal.with(all))
        }
        _ => {
            let text = "It names more than one payout of this amount.";
            Err(Refusal::new(OpenReason::Ambiguous, text).with(all))
        }
    }
}

/// In what a line differs from a payout that it names.
fn disagreement(line: &BankLine, payout: &ExpectedPayout) -> Option<Refusal> {
    let (here, there) = (line.amount, payout.net);
    let name = &payout.reference;
    if here.currency != there.currency {
        let text = format!(
            "It names {name} over {}, but brings {}.",
            there.display(),
            here.display()
        );
        return Some(Refusal::new(OpenReason::CurrencyDiffers, text));
    }
    if here.minor != there.minor {
        let off = here.checked_sub(there).map_or_else(
            |_| String::new(),
            |off| format!(", {} apart", off.display()),
        );
        let text = format!(
            "It names {name} over {}, but brings {}{off}.",
            there.display(),
            here.display()
        );
        return Some(Refusal::new(OpenReason::AmountDiffers, text));
    }
    match payout.effective_on {
        Some(day) if !line.days.iter().any(|d| in_window(*d, day)) => {
            let text = format!(
                "It names {name} of {}, which was expected within {PAYOUT_DAYS} days.",
                day.format("%-d %b %Y")
            );
            Some(Refusal::new(OpenReason::DateDiffers, text))
        }
        _ => None,
    }
}

/// Whether a line that names no payout could be this one: its days must be known and fit, and it
/// may not carry another id where this payout has one.
fn fits_unnamed(line: &BankLine, payout: &ExpectedPayout) -> bool {
    let days = payout
        .effective_on
        .is_some_and(|day| line.days.iter().any(|d| in_window(*d, day)));
    days && (line.end_to_end_id.is_none() || payout.trace.is_none())
}

fn in_window(day: NaiveDate, effective_on: NaiveDate) -> bool {
    let after = day - effective_on;
    after >= TimeDelta::zero() && after <= TimeDelta::days(PAYOUT_DAYS)
}

fn unidentified(line: &BankLine) -> Refusal {
    let text = match line.amount.minor < 0 {
        true => "Money went out, and no payout explains it.",
        false => "No payout on its way has this amount in these days.",
    };
    Refusal::new(OpenReason::Unidentified, text)
}

#[cfg(test)]
#[path = "match_lines_tests.rs"]
mod tests;
