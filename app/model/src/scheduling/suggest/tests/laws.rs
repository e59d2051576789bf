use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn every_suggestion_meets_the_conditions(
        busy in prop::collection::vec(prop::collection::vec((0i64..120, 1i64..6), 0..20), 1..5),
        optional in 0usize..3,
        minutes in 1i64..130,
        step in 1i64..61,
    ) {
        let names = ["Ana", "Tom", "Kei", "Eva", "Jan"];
        let people: Vec<_> = busy.iter().enumerate().map(|(number, busy)| {
            let busy: Vec<_> = busy.iter().map(|(from, len)| (*from, from + len)).collect();
            let person = Person::new(names[number], (8, 18), &busy);
            let person = person.lives(number as i32 * 3 - 5, names[number]);
            if number < optional { person.optional() } else { person }
        }).collect();
        let wish = Wish { step_minutes: step, quorum: 1, limit: 8, ..wish(minutes) };
        let suggestions = ask(&people, &wish);
        prop_assert_eq!(&suggestions, &ask(&people, &wish), "the same answer again");
        for (number, one) in suggestions.iter().enumerate() {
            prop_assert!(one.score <= 100 && one.slot.minutes() == minutes);
            prop_assert!(!one.coming.is_empty());
            prop_assert_eq!(one.coming.len() + one.missing.len(), people.len());
            for person in &people {
                let free = person.availability.free.covers(&one.slot);
                prop_assert_eq!(one.coming.contains(&person.id), free);
                prop_assert!(free || !person.required);
            }
            for other in &suggestions[..number] {
                prop_assert!(!other.slot.overlaps(&one.slot));
            }
            for missing in &one.missing {
                prop_assert!(!missing.why.is_empty());
            }
        }
    }
}
