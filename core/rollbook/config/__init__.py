"""Districts as TOML files, settings and paths."""
