"""Settings from several layers: defaults, profile, tenant, command line."""
