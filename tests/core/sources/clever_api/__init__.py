"""Clever's API, asked over real connections."""
