import copy

import pytest

from settings.defaults import DEFAULTS, PROFILES
from settings.loader import load
from settings.merge import merged


@pytest.fixture(autouse=True)
def untouched():
    before = copy.deepcopy((DEFAULTS, PROFILES))
    yield
    after = copy.deepcopy((DEFAULTS, PROFILES))
    DEFAULTS.clear(), DEFAULTS.update(copy.deepcopy(before[0]))
    PROFILES.clear(), PROFILES.update(copy.deepcopy(before[1]))
    assert after == before


def test_lists_of_a_profile_do_not_leak():
    assert load("production")["plugins"] == ["core", "metrics"]
    assert load("production")["plugins"] == ["core", "metrics"]
    assert load()["plugins"] == ["core"]


def test_assignments_do_not_leak_into_the_tenant():
    tenant = {"server": {"port": 81, "tls": {"enabled": True}}}
    load(tenant=tenant, assignments=["server.port=9000", "server.tls.enabled=false"])
    assert tenant == {"server": {"port": 81, "tls": {"enabled": True}}}


@pytest.mark.parametrize("base, over, expected", [
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": 9}}, {"a": {"b": 9, "c": 2}}),
    ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
    ({"a": {"b": {"c": 1}}}, {"a": {"b": {"d": 2}}}, {"a": {"b": {"c": 1, "d": 2}}}),
    ({"a": [1]}, {"a+": [2]}, {"a": [1, 2]}),
    ({}, {"a+": [2]}, {"a": [2]}),
    ({"s": {"a": [1]}}, {"s": {"a+": [2]}}, {"s": {"a": [1, 2]}}),
    ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
    ({"a": {"b": 2}}, {"a": 1}, {"a": 1}),
    ({"a": {"b": 2}}, {"a": None}, {}),
])
def test_merge_leaves_both_alone(base, over, expected):
    base_before, over_before = copy.deepcopy(base), copy.deepcopy(over)
    result = merged(base, over)
    assert result == expected
    assert (base, over) == (base_before, over_before)


def test_result_shares_nothing():
    base = {"keep": {"list": [1]}, "section": {"deep": {"x": 1}, "other": [0]}, "more": [1]}
    over = {"section": {"deep": {"y": [2]}}, "more+": [[3]], "new": {"z": []}}
    before = copy.deepcopy((base, over))
    result = merged(base, over)
    result["keep"]["list"].append(9)
    result["section"]["deep"]["y"].append(9)
    result["section"]["deep"]["x"] = 9
    result["section"]["other"].append(9)
    result["more"].append(9)
    result["more"][1].append(9)
    result["new"]["z"].append(9)
    assert (base, over) == before


def test_plus_needs_a_list():
    with pytest.raises(TypeError):
        merged({}, {"a+": "b"})
