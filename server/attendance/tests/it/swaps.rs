//! Swaps of shifts: asked, agreed, decided, written; and all that may not be.

use attendance::Error;
use attendance::audited::Audited;
use chrono::NaiveDate;
use model::attendance::accrual::Part;
use model::attendance::day::Direction;
use model::attendance::swap::SwapState;
use model::attendance::views::{LeaveForm, RosterCell, SwapForm, SwapPreview, SwapView};
use model::{Actor, Problem, SwapId};
use sqlx::PgPool;

use crate::world::{World, date, shift, world};

/// Ana has an early shift on Wednesday, Tom a late one; on Friday Tom has an early shift.
async fn planned(pool: PgPool) -> World {
    let world = world(pool).await;
    let early = shift("Early", "06:00", "14:00", &[(360, 30)]);
    let late = shift("Late", "14:00", "22:00", &[(360, 30)]);
    world.plan("Ana", &["2026-11-25"], &early).await;
    world.plan("Tom", &["2026-11-25"], &late).await;
    world.plan("Tom", &["2026-11-27"], &early).await;
    world.derive().await;
    world
}

fn code<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => Problem::from(error).code,
    }
}

/// What is said of the fields, or of the whole.
fn said<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        return "done".to_owned();
    };
    let problem = Problem::from(error);
    let fields: Vec<String> = problem.errors.into_iter().map(|e| e.message).collect();
    match fields.is_empty() {
        true => problem.detail,
        false => fields.join(" "),
    }
}

impl World {
    async fn try_ask(
        &self,
        who: &str,
        from: &str,
        whom: &str,
        to: &str,
    ) -> Result<SwapView, Error> {
        let form = SwapForm {
            from_day: date(from),
            colleague: self.id(whom),
            to_day: date(to),
            note: "My son is ill.".into(),
        };
        let key = format!("{who} {from} {whom} {to}");
        self.service
            .request_swap(&self.actor(who), &form, &key)
            .await
    }

    async fn ask(&self, who: &str, from: &str, whom: &str, to: &str) -> SwapView {
        self.try_ask(who, from, whom, to).await.expect("a swap")
    }

    async fn answer(&self, who: &str, swap: &SwapView, agree: bool) -> Result<SwapView, Error> {
        let actor = self.actor(who);
        self.service
            .answer_swap(&actor, swap.id, swap.version, agree, "")
            .await
    }

    async fn agreed(&self, who: &str, from: &str, whom: &str, to: &str) -> SwapView {
        let swap = self.ask(who, from, whom, to).await;
        self.answer(whom, &swap, true).await.expect("an answer")
    }

    async fn decide(&self, who: &str, swap: &SwapView, approve: bool) -> Result<SwapView, Error> {
        let actor = self.actor(who);
        self.service
            .decide_swap(&actor, swap.id, swap.version, approve, "Fine.")
            .await
    }

    async fn cell(&self, who: &str, day: &str) -> RosterCell {
        let page = self.service.roster(&self.hr(), Some(date(day)), None).await;
        let mut rows = page.expect("a roster").rows.into_iter();
        let row = rows.find(|row| row.person.id == self.id(who));
        let mut cells = row.expect("somebody").cells.into_iter();
        cells.find(|cell| cell.date == date(day)).expect("a day")
    }

    /// The codes of somebody's day, `.` for none.
    async fn works(&self, who: &str, day: &str) -> String {
        let shifts = self.cell(who, day).await.shifts;
        match shifts.is_empty() {
            true => ".".to_owned(),
            false => shifts.into_iter().map(|shift| shift.code).collect(),
        }
    }

    async fn mails_to(&self, who: &str) -> Vec<String> {
        let found = sqlx::query_scalar(
            "select subject from platform.mail where to_address = $1 order by id",
        );
        found
            .bind(self.email(who))
            .fetch_all(&self.pool)
            .await
            .expect("mails")
    }

    async fn preview(&self, who: &str, from: &str, whom: &str, to: &str) -> SwapPreview {
        let chosen = Some((self.id(whom), date(to)));
        let page = self
            .service
            .swap_page(&self.actor(who), date(from), None, chosen)
            .await;
        page.expect("a page").chosen.expect("what is chosen")
    }

    /// Grants somebody a whole day of leave.
    async fn grant(&self, who: &str, day: &str) {
        let actor = self.actor(who);
        let page = self.service.leave_page(&actor).await.expect("leave");
        let kind = page.types.iter().find(|kind| kind.name == "Unpaid leave");
        let form = LeaveForm {
            type_id: kind.expect("a kind").id,
            from_day: date(day),
            to_day: date(day),
            part: Part::Full,
            note: String::new(),
        };
        let asked = self.service.request_leave(&actor, &form, day).await;
        let asked = asked.expect("a request");
        let hr = self.hr();
        let done = self
            .service
            .decide_leave(&hr, asked.id, asked.version, true, "");
        done.await.expect("granted leave");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_swap_goes_from_the_wish_to_the_roster(pool: PgPool) {
    let world = planned(pool).await;
    let swap = world.ask("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    assert_eq!((swap.state, swap.version), (SwapState::Asked, 1));
    assert!(swap.may_withdraw && !swap.may_answer && !swap.may_decide);
    assert_eq!(
        world.mails_to("Tom").await,
        ["Ana Kowalski asks you to swap: Wed 25 Nov"]
    );
    // The same once more is the same.
    let again = world.ask("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    assert_eq!(again.id, swap.id);
    assert_eq!(world.mails_to("Tom").await.len(), 1);

    let waiting = world.service.waiting_swaps(&world.actor("Tom")).await;
    let waiting = waiting.expect("what waits");
    assert!(waiting[0].may_answer);
    let page = world.service.own_shifts(&world.actor("Ana"), None).await;
    let page = page.expect("own shifts");
    let day = &page.weeks[0].days[2];
    assert_eq!((day.open, day.may_swap), (Some(SwapState::Asked), false));
    // Nothing for a manager to decide yet.
    let inbox = world.service.inbox(&world.actor("Marta")).await;
    assert!(inbox.expect("an inbox").swaps.is_empty());
    assert_eq!(code(world.decide("Marta", &swap, true).await), "not_found");

    let agreed = world.answer("Tom", &swap, true).await.expect("an answer");
    assert_eq!(agreed.state, SwapState::Agreed);
    let inbox = world.service.inbox(&world.actor("Marta")).await;
    let inbox = inbox.expect("an inbox");
    assert_eq!(inbox.swaps.len(), 1);
    assert!(inbox.swaps[0].may_decide && inbox.swaps[0].obstacles.is_empty());
    world.derive().await;
    let events = world.told("roster.changed").await;
    let audited = world.told("attendance.audited").await;

    let done = world
        .decide("Marta", &agreed, true)
        .await
        .expect("a decision");
    assert_eq!(done.state, SwapState::Approved);
    let said: Vec<_> = done.history.iter().map(|line| line.by.as_str()).collect();
    assert_eq!(said, ["Ana Kowalski", "Tom Becker", "Marta Klein"]);
    assert_eq!(world.works("Ana", "2026-11-25").await, "L");
    assert_eq!(world.works("Tom", "2026-11-25").await, "E");
    let cell = world.cell("Ana", "2026-11-25").await;
    assert_eq!((cell.version, cell.by_hand), (2, true));
    assert_eq!(cell.swapped_with.as_deref(), Some("Tom Becker"));
    let history = "Swapped with Tom Becker, approved by Marta Klein on 23 Nov 2026";
    assert_eq!(cell.swaps, [history]);
    assert_eq!(world.told("roster.changed").await, events + 2);
    assert_eq!(world.told("attendance.audited").await, audited + 1);
    let subject = "Your swap with Tom Becker is approved: Wed 25 Nov";
    assert_eq!(world.mails_to("Ana").await, [subject]);
    assert_eq!(world.mails_to("Tom").await.len(), 2);
    // Decided is decided.
    assert_eq!(
        code(world.decide("Marta", &agreed, true).await),
        "already_decided"
    );
    assert_eq!(
        code(world.decide("Henry", &done, false).await),
        "already_decided"
    );
    let inbox = world.service.inbox(&world.actor("Marta")).await;
    let (sentence, _) = &inbox.expect("an inbox").decided[0];
    let expected = "Marta Klein approved the swap of Ana Kowalski and Tom Becker, 25 Nov 2026";
    assert_eq!(sentence, expected);
    let payload: serde_json::Value = sqlx::query_scalar(
        "select payload from platform.outbox where topic = 'attendance.audited'
         order by seq desc limit 1",
    )
    .fetch_one(&world.pool)
    .await
    .expect("an event");
    let told: Audited = serde_json::from_value(payload).expect("as told");
    assert_eq!(
        (told.action.as_str(), told.subject),
        ("attendance.swap_approved", format!("swap:{}", done.id))
    );
    assert_eq!(told.detail["from_day"], "2026-11-25");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn the_day_is_derived_from_the_swapped_shift(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    world
        .decide("Marta", &agreed, true)
        .await
        .expect("a decision");
    for (who, from, to) in [("Tom", "06:00", "14:00"), ("Ana", "14:00", "22:00")] {
        world
            .press(who, &format!("2026-11-25T{from}"), Direction::In)
            .await;
        world
            .press(who, &format!("2026-11-25T{to}"), Direction::Out)
            .await;
    }
    world.clock("2026-11-26T12:00");
    world.tick("attendance.due").await;
    for who in ["Ana", "Tom"] {
        let days = world.days(who, "2026-11-25", "2026-11-25").await;
        let day = &days[0].day;
        assert_eq!(day.status.to_string(), "present", "{who}");
        assert_eq!((day.late_minutes, day.balance_minutes), (0, 0), "{who}");
    }
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_is_given_for_a_day_or_for_nothing(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Tom", "2026-11-27", "Ana", "2026-11-27").await;
    world.decide("Henry", &agreed, true).await.expect("a gift");
    assert_eq!(world.works("Tom", "2026-11-27").await, ".");
    assert_eq!(world.works("Ana", "2026-11-27").await, "E");
    // Ana gives it back for Tom's Wednesday, on which she works already.
    let agreed = world.agreed("Ana", "2026-11-27", "Tom", "2026-11-25").await;
    world.decide("Henry", &agreed, true).await.expect("a swap");
    assert_eq!(world.works("Ana", "2026-11-25").await, "EL");
    assert_eq!(world.works("Tom", "2026-11-25").await, ".");
    assert_eq!(world.works("Tom", "2026-11-27").await, "E");
    assert_eq!(world.cell("Ana", "2026-11-27").await.swaps.len(), 2);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_roster_that_has_changed_is_not_swapped(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    let cell = world.cell("Tom", "2026-11-25").await;
    let form = model::attendance::views::AssignForm {
        person: world.id("Tom"),
        date: date("2026-11-25"),
        templates: Vec::new(),
        version: cell.version,
    };
    world
        .service
        .assign(&world.hr(), &form)
        .await
        .expect("a change");
    let inbox = world.service.inbox(&world.hr()).await.expect("an inbox");
    assert!(inbox.swaps[0].obstacles[0].contains("has changed"));
    assert_eq!(
        code(world.decide("Marta", &agreed, true).await),
        "roster_changed"
    );
    assert_eq!(world.works("Ana", "2026-11-25").await, "E");
    // It can still be refused, and then asked for again.
    let refused = world.decide("Marta", &agreed, false).await;
    assert_eq!(refused.expect("a decision").state, SwapState::Refused);
    let form = SwapForm {
        from_day: date("2026-11-25"),
        colleague: world.id("Tom"),
        to_day: date("2026-11-25"),
        note: String::new(),
    };
    let ana = world.actor("Ana");
    let again = world.service.request_swap(&ana, &form, "again").await;
    assert_eq!(again.expect("a new request").days[0].other_before, []);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_colleagues_of_the_team_are_asked_and_seen(pool: PgPool) {
    let world = planned(pool).await;
    for whom in ["Mia", "Marta", "Henry"] {
        let asked = world.try_ask("Ana", "2026-11-25", whom, "2026-11-25").await;
        assert_eq!(code(asked), "not_found", "{whom}");
    }
    let ana = world.actor("Ana");
    let day = date("2026-11-25");
    let page = world
        .service
        .swap_page(&ana, day, None, None)
        .await
        .expect("a page");
    let names: Vec<_> = page
        .peers
        .iter()
        .map(|peer| peer.person.name.as_str())
        .collect();
    assert_eq!(names, ["Tom Becker"]);
    assert!(page.peers[0].that_day.may_ask);
    assert_eq!(page.peers[0].days[4].shifts[0].time, "06:00–14:00");
    let chosen = Some((world.id("Mia"), day));
    let strange = world.service.swap_page(&ana, day, None, chosen).await;
    assert_eq!(code(strange), "not_found");
    // Of leave a colleague sees that somebody is away, and nothing else.
    world.grant("Tom", "2026-11-27").await;
    let page = world
        .service
        .swap_page(&ana, day, None, None)
        .await
        .expect("a page");
    let friday = &page.peers[0].days[4];
    assert!(friday.away && !friday.may_ask);
    let text = serde_json::to_string(&page.peers).expect("JSON");
    assert!(!text.to_lowercase().contains("unpaid"), "{text}");
    // Somebody in no team has nobody to ask.
    let ada = world.actor("Ada");
    let page = world
        .service
        .swap_page(&ada, day, None, None)
        .await
        .expect("a page");
    assert!(page.peers.is_empty());
    // Strangers know nothing of it.
    let swap = world.ask("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    for who in ["Mia", "Marta"] {
        assert_eq!(code(world.answer(who, &swap, true).await), "not_found");
    }
    let mia = world.actor("Mia");
    let taken = world
        .service
        .withdraw_swap(&mia, swap.id, swap.version)
        .await;
    assert_eq!(code(taken), "not_found");
    let page = world
        .service
        .own_shifts(&mia, None)
        .await
        .expect("own shifts");
    assert!(page.swaps.is_empty());
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn what_cannot_be_is_refused_with_words(pool: PgPool) {
    let world = planned(pool).await;
    let (wednesday, friday) = ("2026-11-25", "2026-11-27");
    let none = world.try_ask("Ana", friday, "Tom", friday).await;
    assert_eq!(said(none), "You work no shift on Fri 27 Nov.");
    let none = world.try_ask("Ana", wednesday, "Tom", "2026-11-26").await;
    assert_eq!(said(none), "Tom Becker works no shift on Thu 26 Nov.");
    let early = shift("Early", "06:00", "14:00", &[(360, 30)]);
    world
        .plan("Ana", &["2026-11-27", "2026-11-22"], &early)
        .await;
    let same = world.try_ask("Ana", friday, "Tom", friday).await;
    assert_eq!(said(same), "Both work the same on Fri 27 Nov.");
    let past = world
        .try_ask("Ana", "2026-11-22", "Tom", "2026-11-22")
        .await;
    assert_eq!(said(past), "Sun 22 Nov is over, or has begun.");
    // Ana would work two early shifts at once.
    let overlap = world.try_ask("Ana", wednesday, "Tom", friday).await;
    assert_eq!(
        said(overlap),
        "Two shifts of yours would overlap on Fri 27 Nov."
    );
    world.grant("Tom", wednesday).await;
    let away = world.try_ask("Ana", wednesday, "Tom", wednesday).await;
    assert_eq!(said(away), "Tom Becker is away on Wed 25 Nov.");
    assert_eq!(
        world
            .count("select count(*) from attendance.swap_request")
            .await,
        0
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn leave_that_comes_between_stops_a_swap(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    world.grant("Tom", "2026-11-25").await;
    let decided = world.decide("Marta", &agreed, true).await;
    assert_eq!(said(decided), "Tom Becker is away on Wed 25 Nov.");
    assert_eq!(world.works("Ana", "2026-11-25").await, "E");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_locked_or_begun_day_is_not_swapped(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    world.clock("2026-11-25T06:00");
    let late = world.decide("Marta", &agreed, true).await;
    assert_eq!(said(late), "Wed 25 Nov is over, or has begun.");
    sqlx::query(
        "insert into attendance.period (id, during, state, version, locked_by_label, locked_at)
         values (gen_random_uuid(), '[2026-11-26,2026-11-30]', 'locked', 1, 'Henry', now())",
    )
    .execute(&world.pool)
    .await
    .expect("a locked period");
    let locked = world
        .try_ask("Tom", "2026-11-27", "Ana", "2026-11-27")
        .await;
    assert_eq!(said(locked), "The period of Fri 27 Nov is locked.");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_day_is_offered_once_at_a_time(pool: PgPool) {
    let world = planned(pool).await;
    let first = world.ask("Tom", "2026-11-27", "Ana", "2026-11-27").await;
    let twice = world
        .try_ask("Tom", "2026-11-27", "Ana", "2026-11-25")
        .await;
    assert_eq!(code(twice), "day_offered");
    let preview = world
        .preview("Tom", "2026-11-27", "Ana", "2026-11-25")
        .await;
    assert!(preview.obstacles[0].starts_with("You have offered"));
    let tom = world.actor("Tom");
    let taken = world.service.withdraw_swap(&tom, first.id, first.version);
    assert_eq!(taken.await.expect("taken back").state, SwapState::Withdrawn);
    assert_eq!(
        code(world.answer("Ana", &first, true).await),
        "already_decided"
    );
    world.ask("Tom", "2026-11-27", "Ana", "2026-11-25").await;
    assert_eq!(world.mails_to("Ana").await.len(), 3);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn whoever_declines_says_so_and_the_asker_hears_it(pool: PgPool) {
    let world = planned(pool).await;
    let swap = world.ask("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    let stale = SwapView {
        version: 7,
        ..swap.clone()
    };
    assert_eq!(
        code(world.answer("Tom", &stale, true).await),
        "changed_meanwhile"
    );
    let agreed = world.answer("Tom", &swap, true).await.expect("an answer");
    // Until it is decided Tom may think better of it.
    let declined = world
        .answer("Tom", &agreed, false)
        .await
        .expect("an answer");
    assert_eq!(declined.state, SwapState::Declined);
    let subject = "Tom Becker does not swap: Wed 25 Nov";
    assert_eq!(world.mails_to("Ana").await, [subject]);
    assert_eq!(
        code(world.decide("Marta", &declined, true).await),
        "already_decided"
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn only_a_manager_of_one_of_them_or_hr_decides(pool: PgPool) {
    let world = planned(pool).await;
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    for who in ["Ana", "Tom", "Mia", "Fay"] {
        assert_eq!(
            code(world.decide(who, &agreed, true).await),
            "forbidden",
            "{who}"
        );
    }
    // A manager of others, and one of the two who has been made HR.
    let other = Actor::person(
        world.id("Mia"),
        "Mia",
        "Europe/Berlin",
        &[model::Role::Manager],
    );
    let own = Actor::person(world.id("Tom"), "Tom", "Europe/Berlin", &[model::Role::Hr]);
    for actor in [other, own] {
        let decided = world
            .service
            .decide_swap(&actor, agreed.id, agreed.version, true, "");
        assert_eq!(code(decided.await), "not_found");
        let inbox = world.service.inbox(&actor).await.expect("an inbox");
        assert!(inbox.swaps.is_empty());
    }
    let nowhere: SwapId = world.test.deps.new_id();
    let hr = world.hr();
    let decided = world.service.decide_swap(&hr, nowhere, 1, true, "");
    assert_eq!(code(decided.await), "not_found");
    // Without a manager HR decides.
    sqlx::query("update attendance.employment set manager_id = null")
        .execute(&world.pool)
        .await
        .expect("terms");
    assert_eq!(
        code(world.decide("Marta", &agreed, true).await),
        "not_found"
    );
    assert_eq!(code(world.decide("Henry", &agreed, true).await), "done");
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn of_two_swaps_that_share_a_day_one_wins(pool: PgPool) {
    let world = planned(pool).await;
    sqlx::query(
        "update attendance.employment set team = 'Support', manager_id = $2 where employee_id = $1",
    )
    .bind(world.id("Mia").0)
    .bind(world.id("Marta").0)
    .execute(&world.pool)
    .await
    .expect("terms");
    // Both give Tom's late shift on Wednesday away: Ana takes it for hers, Mia takes it as a gift.
    let one = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    let other = world.agreed("Tom", "2026-11-25", "Mia", "2026-11-25").await;
    let (first, second) = tokio::join!(
        world.decide("Marta", &one, true),
        world.decide("Henry", &other, true)
    );
    let codes = [code(first), code(second)];
    assert!(codes.contains(&"done".to_owned()), "{codes:?}");
    assert!(codes.contains(&"roster_changed".to_owned()), "{codes:?}");
    let mut all = String::new();
    for who in ["Ana", "Tom", "Mia"] {
        all.push_str(&world.works(who, "2026-11-25").await);
    }
    let mut all: Vec<char> = all.chars().filter(|code| *code != '.').collect();
    all.sort_unstable();
    // No shift is lost, and none is worked twice.
    assert_eq!(all, ['E', 'L']);
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn too_little_rest_and_too_long_weeks_are_told(pool: PgPool) {
    let world = planned(pool).await;
    let early = shift("Early", "06:00", "14:00", &[(360, 30)]);
    let days = ["2026-11-26", "2026-11-28", "2026-11-24", "2026-11-29"];
    world.plan("Ana", &days, &early).await;
    let preview = world
        .preview("Ana", "2026-11-25", "Tom", "2026-11-25")
        .await;
    let rest = "You have only 8 h of rest before Thu 26 Nov; 11 h are due.";
    assert_eq!(
        (preview.warnings.as_slice(), preview.obstacles.len()),
        (&[rest.to_owned()][..], 0)
    );
    // A sixth and a seventh day.
    let late = shift("Late", "14:00", "22:00", &[(360, 30)]);
    world
        .plan("Tom", &["2026-11-24", "2026-11-26", "2026-11-28"], &late)
        .await;
    let agreed = world.agreed("Tom", "2026-11-27", "Ana", "2026-11-27").await;
    assert_eq!(agreed.warnings, Vec::<String>::new());
    let gift = world
        .preview("Ana", "2026-11-29", "Tom", "2026-11-29")
        .await;
    assert_eq!(
        gift.warnings,
        ["Tom Becker has only 8 h of rest before Sun 29 Nov; 11 h are due."]
    );
    world.decide("Marta", &agreed, true).await.expect("a gift");
    world.plan("Tom", &["2026-11-23"], &late).await;
    let long = world
        .preview("Tom", "2026-11-23", "Ana", "2026-11-23")
        .await;
    let week = "Ana Kowalski works 52 h 30 in the week of Mon 23 Nov, more than 48 h.";
    assert!(
        long.warnings.contains(&week.to_owned()),
        "{:?}",
        long.warnings
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_shift_keeps_its_hours_in_another_zone(pool: PgPool) {
    let world = planned(pool).await;
    sqlx::query("update attendance.employee set zone = 'America/New_York' where id = $1")
        .bind(world.id("Tom").0)
        .execute(&world.pool)
        .await
        .expect("a move");
    let agreed = world.agreed("Ana", "2026-11-25", "Tom", "2026-11-25").await;
    world
        .decide("Marta", &agreed, true)
        .await
        .expect("a decision");
    let duties = world
        .service
        .shifts_of(world.id("Tom"), date("2026-11-25"))
        .await;
    let duties = duties.expect("shifts");
    // Six o'clock in Berlin, though Tom's clocks show midnight.
    assert_eq!(
        duties[0].1,
        "2026-11-25T05:00:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .expect("an instant")
    );
    let shift = &world.cell("Tom", "2026-11-25").await.shifts[0];
    assert_eq!(
        (shift.zone.as_str(), shift.time.as_str()),
        ("Europe/Berlin", "06:00–14:00")
    );
}

#[sqlx::test(migrator = "platform::MIGRATOR")]
async fn a_rotation_leaves_swapped_days_alone(pool: PgPool) {
    let world = world(pool).await;
    let early = shift("Early", "06:00", "14:00", &[(360, 30)]);
    let late = shift("Late", "14:00", "22:00", &[(360, 30)]);
    let hr = world.hr();
    let mut rotations = Vec::new();
    for (name, shift) in [("Earlies", &early), ("Lates", &late)] {
        let made = world.service.save_template(&hr, None, 0, shift).await;
        let rotation = model::attendance::rotation::Rotation {
            name: name.into(),
            anchor: date("2026-11-23"),
            days: vec![vec![made.expect("a shift")]],
        };
        let made = world.service.save_rotation(&hr, None, 0, &rotation).await;
        rotations.push(made.expect("a rotation"));
    }
    let from: NaiveDate = date("2026-11-24");
    for (who, rotation) in [("Ana", 0), ("Tom", 1)] {
        let id = world.id(who);
        let follows = world
            .service
            .assign_rotation(&hr, id, Some(rotations[rotation]), from);
        follows.await.expect("a rotation to follow");
    }
    let agreed = world.agreed("Ana", "2026-11-26", "Tom", "2026-11-26").await;
    world
        .decide("Marta", &agreed, true)
        .await
        .expect("a decision");
    world.tick("attendance.rotate").await;
    // Ana follows another rotation from now on; the swapped day stays.
    let id = world.id("Ana");
    let follows = world
        .service
        .assign_rotation(&hr, id, Some(rotations[0]), date("2026-11-25"));
    follows.await.expect("a rotation to follow");
    assert_eq!(world.works("Ana", "2026-11-26").await, "L");
    assert_eq!(world.works("Tom", "2026-11-26").await, "E");
    assert_eq!(world.works("Ana", "2026-11-27").await, "E");
}
