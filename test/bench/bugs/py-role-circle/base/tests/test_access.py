import pytest

from helpdesk.access.policy import Policy
from helpdesk.access.roles import UnknownRole


@pytest.fixture
def policy():
    policy = Policy()
    policy.roles.define("agent", ["ticket.read", "ticket.close"])
    policy.roles.define("lead", ["report.*"], includes=["agent"])
    policy.grant("ada", "lead")
    policy.grant("bo", "agent")
    return policy


def test_included_permissions(policy):
    assert policy.may("ada", "ticket.close")
    assert not policy.may("bo", "report.read")


def test_all_of_a_kind(policy):
    assert policy.may("ada", "report.export")
    assert not policy.may("ada", "reports.export")


def test_taken_away(policy):
    policy.roles.define("trainee", ["-ticket.close"])
    policy.grant("bo", "trainee")
    assert policy.users_with("ticket.close") == ["ada"]


def test_roles_that_include_each_other(policy):
    policy.roles.define("agent", ["ticket.read", "ticket.close"], includes=["lead"])
    assert policy.may("ada", "ticket.close")
    assert policy.may("bo", "report.read")


def test_unknown_role(policy):
    policy.grant("cy", "boss")
    with pytest.raises(UnknownRole):
        policy.may("cy", "ticket.read")
