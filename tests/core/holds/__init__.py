"""Tests of rollbook.holds."""
