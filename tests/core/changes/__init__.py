"""Tests of rollbook.changes."""
