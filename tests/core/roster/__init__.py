"""Tests of rollbook.roster."""
