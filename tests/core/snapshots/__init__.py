"""Tests of rollbook.snapshots."""
