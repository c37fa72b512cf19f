"""What holds when nobody says otherwise."""

DEFAULTS = {
    "server": {"host": "127.0.0.1", "port": 8080, "tls": {"enabled": False, "versions": ["1.2", "1.3"]}},
    "mail": {"from": "noreply@localhost", "retries": 3},
    "plugins": ["core"],
}

PROFILES = {
    "production": {"server": {"host": "0.0.0.0", "tls": {"enabled": True}}, "plugins+": ["metrics"]},
    "test": {"mail": {"retries": 0}},
}
