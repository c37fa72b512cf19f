import pytest

from settings.loader import load
from settings.lookup import get


def test_defaults():
    assert get(load(), "server.port") == 8080


def test_tenant_goes_over_defaults():
    settings = load(tenant={"mail": {"from": "shop@example.org"}})
    assert settings["mail"] == {"from": "shop@example.org", "retries": 3}


def test_command_line_wins():
    settings = load(tenant={"server": {"port": 81}}, assignments=["server.port=9000", "mail.from=a@b"])
    assert get(settings, "server.port") == 9000
    assert get(settings, "mail.from") == "a@b"


def test_none_removes():
    assert "retries" not in load(tenant={"mail": {"retries": None}})["mail"]


def test_profile_does_not_leak_into_the_next_load():
    assert get(load("production"), "server.tls.enabled") is True
    assert get(load(), "server.tls.enabled") is False


def test_unknown_profile():
    with pytest.raises(ValueError, match="production, test"):
        load("staging")
