"""Tests of rollbook.rollover."""
