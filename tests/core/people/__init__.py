"""Tests of rollbook.people."""
