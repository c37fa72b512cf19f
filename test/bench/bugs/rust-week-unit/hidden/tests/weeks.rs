use spell::{format, parse, SpellError, Unit};

#[test]
fn what_is_written_is_read_again() {
    for minutes in (0..60_000).step_by(7).chain([10_079, 10_080, 10_081, 20_160, u64::MAX]) {
        assert_eq!(parse(&format(minutes)), Ok(minutes), "{}", format(minutes));
    }
}

#[test]
fn every_unit_as_often_as_it_fits() {
    for (minutes, text) in [
        (10_079, "6d 23h 59m"), (10_080, "1w"), (10_081, "1w 1m"), (10_140, "1w 1h"), (11_520, "1w 1d"),
        (100_800, "10w"), (1_440, "1d"), (60, "1h"), (59, "59m"), (21_661, "2w 1d 1h 1m"),
    ] {
        assert_eq!(format(minutes), text);
        assert_eq!(parse(text), Ok(minutes));
    }
}

#[test]
fn weeks_are_read_like_the_others() {
    assert_eq!(parse("3W"), Ok(3 * Unit::Week.minutes()));
    assert_eq!(parse("0w 1m"), Ok(1));
    assert_eq!(parse("1d 1w"), Err(SpellError::WrongOrder('w')));
    assert_eq!(parse("1w 1w"), Err(SpellError::WrongOrder('w')));
    assert_eq!(parse("w"), Err(SpellError::NoNumber("w".to_string())));
    assert_eq!(parse("18446744073709551615w"), Err(SpellError::TooLong));
    assert_eq!(parse("1y"), Err(SpellError::UnknownUnit('y')));
}
