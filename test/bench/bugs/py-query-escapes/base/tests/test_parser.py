import pytest

from search.errors import QueryError
from search.parser import And, Match, Not, Or, parse


def test_words_side_by_side_mean_and():
    assert parse("report 2024") == And((Match("any", "report"), Match("any", "2024")))


def test_or_binds_weaker():
    tree = parse("a b OR NOT c")
    assert tree == Or((And((Match("any", "a"), Match("any", "b"))), Not(Match("any", "c"))))


def test_groups():
    assert parse("(a OR b) tag:x") == And((Or((Match("any", "a"), Match("any", "b"))), Match("tag", "x")))


def test_quoted_value_with_a_quote_inside():
    assert parse(r'name:"say \"hi\""') == Match("name", 'say "hi"')


def test_folder_that_ends_in_a_backslash():
    assert parse(r'path:"C:\\" owner:anna') == And((Match("path", "C:\\"), Match("owner", "anna")))


@pytest.mark.parametrize("query, at", [("(a", 2), ("colour:red", 0), ("a )", 2), ('x "abc', 2)])
def test_errors_have_a_place(query, at):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.at == at
