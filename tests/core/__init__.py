"""Tests of the engine, one folder for each of its rooms."""
