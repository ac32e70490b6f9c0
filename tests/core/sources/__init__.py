"""Tests of the transports and of the OneRoster CSV reader, on one small set that they damage."""
