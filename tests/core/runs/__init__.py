"""Tests of rollbook.runs."""
