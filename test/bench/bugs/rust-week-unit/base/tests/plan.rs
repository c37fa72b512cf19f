use spell::plan::{read, summary};
use spell::{format, parse, SpellError};

#[test]
fn reads_and_adds_up() {
    let jobs = read("paint: 1d 2h\n\ndry: 30m\n").unwrap();
    assert_eq!(summary(&jobs), "2 jobs, 1d 2h 30m");
}

#[test]
fn jobs_may_take_weeks() {
    let jobs = read("dig: 2w\nbuild: 1w 3d 4h\n").unwrap();
    assert_eq!(summary(&jobs), "2 jobs, 3w 3d 4h");
}

#[test]
fn errors_have_a_line() {
    assert_eq!(read("a: 1h\nb: 2x"), Err((2, SpellError::UnknownUnit('x'))));
}

#[test]
fn units_become_smaller() {
    assert_eq!(parse("2m 1h"), Err(SpellError::WrongOrder('h')));
    assert_eq!(parse("1h 1h"), Err(SpellError::WrongOrder('h')));
}

#[test]
fn nothing_at_all() {
    assert_eq!(format(0), "0m");
    assert_eq!(parse(" "), Err(SpellError::Empty));
    assert_eq!(parse("h"), Err(SpellError::NoNumber("h".to_string())));
}
