use depot::{Depot, DepotError};

fn filled() -> Depot {
    let mut depot = Depot::new();
    for (part, pieces) in [("fan", 3), ("lamp", 4), ("bolt", 0)] {
        depot.register(part, 2);
        depot.store(part, pieces).unwrap();
    }
    depot
}

#[test]
fn withdraws_to_the_last_piece() {
    let mut depot = filled();
    assert_eq!(depot.withdraw("fan", 3), Ok(0));
    assert_eq!(depot.withdraw("fan", 0), Ok(0));
    assert_eq!(depot.withdraw("bolt", 0), Ok(0));
    let error = depot.withdraw("fan", 1).unwrap_err();
    assert_eq!(error, DepotError::TooFew { part: "fan".to_string(), wanted: 1, there: 0 });
    assert_eq!(error.to_string(), "fan: 1 wanted, 0 there");
    assert_eq!(depot.orders(), [("bolt", 2), ("fan", 2)]);
}

#[test]
fn large_numbers() {
    let mut depot = filled();
    assert!(matches!(depot.withdraw("lamp", u32::MAX), Err(DepotError::TooFew { there: 4, .. })));
    assert_eq!(depot.pieces("lamp"), 4);
}

#[test]
fn a_kit_is_taken_whole_or_not_at_all() {
    let mut depot = filled();
    assert!(matches!(depot.withdraw_kit(&[("fan", 2), ("lamp", 5)]), Err(DepotError::TooFew { wanted: 5, there: 4, .. })));
    assert_eq!((depot.pieces("fan"), depot.pieces("lamp")), (3, 4));
    assert_eq!(depot.withdraw_kit(&[("fan", 1), ("pump", 1)]), Err(DepotError::UnknownPart("pump".to_string())));
    assert_eq!(depot.pieces("fan"), 3);
    assert_eq!(depot.withdraw_kit(&[("fan", 3), ("lamp", 4)]), Ok(()));
    assert_eq!((depot.pieces("fan"), depot.pieces("lamp")), (0, 0));
}
