//! Addresses as they are typed or pasted, and what a problem calls the fields of the form.

use std::collections::BTreeSet;

use model::Problem;
use model::scheduling::meeting::{Invitee, MeetingView};

use super::MeetingForm;

/// Everybody who was typed, if they are others than those who are asked already.
pub(super) fn differing(form: &MeetingForm, meeting: &MeetingView) -> Option<Vec<Invitee>> {
    let invited = invited(form);
    let organizer = meeting.organizer.email.to_lowercase();
    let typed: BTreeSet<(String, bool)> = invited
        .iter()
        .map(|(address, required)| (address.to_lowercase(), *required))
        .filter(|(address, _)| *address != organizer)
        .collect();
    let there: BTreeSet<(String, bool)> = meeting
        .attendees
        .iter()
        .map(|attendee| (attendee.email.to_lowercase(), attendee.required))
        .collect();
    let full = |(user, required)| Invitee::Full { user, required };
    (typed != there).then(|| invited.into_iter().map(full).collect())
}

/// Each address once, with whether it is needed; one that stands in both fields is.
fn invited(form: &MeetingForm) -> Vec<(String, bool)> {
    let needed = addresses(&form.needed).into_iter().map(|a| (a, true));
    let optional = addresses(&form.optional).into_iter().map(|a| (a, false));
    let mut seen = BTreeSet::new();
    needed
        .chain(optional)
        .filter(|(address, _)| seen.insert(address.to_lowercase()))
        .collect()
}

/// The addresses of a text. Of `Ana Kowalski <ana@example.org>` the address alone counts.
fn addresses(text: &str) -> Vec<String> {
    let pieces = text.split([',', ';', '\n', '\r']);
    let found = pieces.flat_map(|piece| match piece.split_once('<') {
        Some((_, rest)) => vec![rest.trim_end().trim_end_matches('>').trim()],
        None => piece.split_whitespace().collect(),
    });
    found
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The service's problem with the names that the fields have in the form.
pub(super) fn for_form(mut problem: Problem, form: &MeetingForm) -> Problem {
    let invited = invited(form);
    for error in &mut problem.errors {
        let name = error.field.as_str();
        let field = match name.split_once('[') {
            _ if name == "slot" => "from",
            _ if name == "location" => "place",
            Some(("rooms", _)) => "rooms",
            Some(("attendees", rest)) => {
                let index = rest.trim_end_matches(']').parse::<usize>();
                let person = index.ok().and_then(|index| invited.get(index));
                match person {
                    Some((_, false)) => "optional",
                    _ => "needed",
                }
            }
            _ if name == "attendees" => "needed",
            _ => continue,
        };
        error.field = field.to_owned();
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_parted() {
        let text = "ana@example.org, Tom <tom@example.org>;\r\nmia@example.org leo@example.org";
        assert_eq!(
            addresses(text),
            [
                "ana@example.org",
                "tom@example.org",
                "mia@example.org",
                "leo@example.org"
            ]
        );
    }

    #[test]
    fn an_error_goes_to_the_field_that_it_was_typed_in() {
        let form = MeetingForm {
            needed: "ana@example.org".into(),
            optional: "nobody".into(),
            ..MeetingForm::default()
        };
        let said = Problem::invalid_field("attendees[1]", "“nobody” is no address.");
        assert_eq!(for_form(said, &form).errors[0].field, "optional");
        let said = Problem::invalid_field("slot", "The end must come after the beginning.");
        assert_eq!(for_form(said, &form).errors[0].field, "from");
    }
}
