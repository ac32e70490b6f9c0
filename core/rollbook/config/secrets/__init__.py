"""Secrets by reference: where a password or a key is, never what it is."""

from rollbook.config.secrets.reference import SecretReference
from rollbook.config.secrets.resolve import resolve
from rollbook.config.secrets.secret import Secret

__all__ = ["Secret", "SecretReference", "resolve"]
