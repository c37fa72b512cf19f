import pytest

from search.errors import QueryError
from search.parser import And, Match, parse
from search.tokens import tokenise


def strings(query):
    return [token.text for token in tokenise(query) if token.kind == "string"]


@pytest.mark.parametrize("query, expected", [
    (r'"\\"', ["\\"]),
    (r'"\\\\"', ["\\\\"]),
    (r'"\\" "b"', ["\\", "b"]),
    (r'"a\\" "b\\"', ["a\\", "b\\"]),
    (r'"a\\\"b"', ['a\\"b']),
    (r'"\"" "c"', ['"', "c"]),
    (r'"\"a"', ['"a']),
    (r"'it\'s'", ["it's"]),
    (r"'\\'", ["\\"]),
    (r'''"it's" 'say "x"' ''', ["it's", 'say "x"']),
    (r'"C:\\dir\\" "D:\\"', ["C:\\dir\\", "D:\\"]),
    (r'"a\bc"', ["abc"]),
    ('""', [""]),
    ('"a""b"', ["a", "b"]),
])
def test_strings(query, expected):
    assert strings(query) == expected


@pytest.mark.parametrize("query", [r'x "abc\"', r'x "', r'x "abc\\\"', 'x "abc\\', r"x 'abc\' "])
def test_never_closed(query):
    with pytest.raises(QueryError) as caught:
        tokenise(query)
    assert caught.value.at == 2


def test_goes_on_right_behind():
    assert parse(r'(path:"\\")AND name:x') == And((Match("path", "\\"), Match("name", "x")))
