"""The bad-input corpus 1-73 of ``safety.md`` §4.10, each through the whole engine."""
