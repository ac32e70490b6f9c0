"""Tests of rollbook.desk."""
