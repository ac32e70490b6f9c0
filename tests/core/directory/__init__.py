"""Tests of rollbook.directory."""
