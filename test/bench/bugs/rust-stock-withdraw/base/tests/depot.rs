use depot::{Depot, DepotError};

fn filled() -> Depot {
    let mut depot = Depot::new();
    depot.register("fan", 2);
    depot.register("lamp", 5);
    depot.store("fan", 3).unwrap();
    depot.store("lamp", 4).unwrap();
    depot
}

#[test]
fn stores_and_withdraws() {
    let mut depot = filled();
    assert_eq!(depot.withdraw("fan", 2), Ok(1));
    assert_eq!(depot.store("fan", 4), Ok(5));
}

#[test]
fn refuses_to_withdraw_more_than_there_is() {
    let mut depot = filled();
    let error = DepotError::TooFew { part: "fan".to_string(), wanted: 4, there: 3 };
    assert_eq!(depot.withdraw("fan", 4), Err(error));
    assert_eq!(depot.pieces("fan"), 3);
}

#[test]
fn knows_no_other_parts() {
    let error = filled().withdraw("pump", 1).unwrap_err();
    assert_eq!(error.to_string(), "there is no part pump");
}

#[test]
fn orders_what_is_below_the_minimum() {
    assert_eq!(filled().orders(), [("lamp", 1)]);
}
