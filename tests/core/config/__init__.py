"""Tests of rollbook.config."""
