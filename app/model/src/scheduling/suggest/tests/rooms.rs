use super::*;

fn room(name: &str, seats: u16, equipment: &[&str]) -> Room {
    Room {
        id: RoomId(Uuid::from_u128(u128::from(seats))),
        name: name.into(),
        seats,
        equipment: equipment.iter().map(|word| (*word).to_owned()).collect(),
    }
}

#[test]
fn the_smallest_room_that_fits_and_is_free_is_taken() {
    let rooms = [
        room("Aula", 100, &["projector"]),
        room("Nook", 2, &["projector"]),
        room("Oslo", 8, &["projector"]),
        room("Rome", 6, &[]),
    ];
    let open = Known {
        working: hours(0, 120).into(),
        ..Known::default()
    };
    let free = Availability::of(&open, hours(0, 120), at(-10_000));
    let mut taken = free.clone();
    taken.free = IntervalSet::empty();
    let people = [Person::new("Ana", (9, 17), &[])];
    let guests = [people[0].guest()];
    let need = |equipment: &[&str]| RoomNeed {
        seats: 4,
        equipment: equipment.iter().map(|word| (*word).to_owned()).collect(),
    };
    let pick = |equipment: &[&str], oslo: &Availability| {
        let options = rooms.each_ref().map(|room| RoomOption {
            room,
            availability: if room.name == "Oslo" { oslo } else { &free },
        });
        let wish = Wish {
            room: Some(need(equipment)),
            ..wish(60)
        };
        let best = suggest(&guests, &options, &wish).into_iter().next()?;
        let id = best.room?;
        let room = rooms.iter().find(|room| room.id == id)?;
        has(
            &best.reasons,
            &format!("{} is free and has {} seats", room.name, room.seats),
        );
        Some(room.name.clone())
    };
    assert_eq!(pick(&[], &free).as_deref(), Some("Rome"));
    assert_eq!(pick(&["projector"], &free).as_deref(), Some("Oslo"));
    assert_eq!(pick(&["projector"], &taken).as_deref(), Some("Aula"));
    assert_eq!(pick(&["piano"], &free), None);
}
