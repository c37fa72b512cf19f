import pytest

from helpdesk.access.roles import Roles, UnknownRole


def roles(**includes):
    """Every role has one permission of its own, named like it."""
    result = Roles()
    for name, others in includes.items():
        result.define(name, [name], others.split())
    return result


@pytest.mark.parametrize("includes, expected", [
    (dict(a="a"), dict(a="a")),
    (dict(a="b", b="a"), dict(a="ab", b="ab")),
    (dict(a="b", b="c", c="a"), dict(a="abc", b="abc", c="abc")),
    (dict(a="b", b="c", c="b d", d=""), dict(a="abcd", b="bcd", c="bcd", d="d")),
    (dict(a="b c", b="d", c="d", d=""), dict(a="abcd", b="bd", c="cd", d="d")),
    (dict(a="b b", b=""), dict(a="ab", b="b")),
    (dict(a="b", b="a c", c="d", d="c"), dict(a="abcd", b="abcd", c="cd", d="cd")),
    (dict(x="a", a="b c", b="a", c="a"), dict(x="xabc", a="abc", b="abc", c="abc")),
])
def test_permissions(includes, expected):
    known = roles(**includes)
    for _ in range(2):
        for name, letters in expected.items():
            assert set(known.permissions(name)) == set(letters)
    for name in reversed(list(expected)):
        assert set(known.permissions(name)) == set(expected[name])


def test_answers_do_not_change_roles():
    known = roles(a="b", b="a")
    known.permissions("a").add("z")
    assert set(known.permissions("a")) == {"a", "b"}


def test_defined_anew():
    known = roles(a="b", b="a")
    known.permissions("a")
    known.define("b", ["c"])
    assert set(known.permissions("a")) == {"a", "c"}


def test_unknown_behind_a_circle():
    with pytest.raises(UnknownRole):
        roles(a="b", b="a nobody").permissions("a")


def test_long_chain():
    known = Roles()
    for number in range(100):
        known.define(f"r{number}", [str(number)], [f"r{(number + 1) % 100}"])
    assert len(known.permissions("r5")) == 100
