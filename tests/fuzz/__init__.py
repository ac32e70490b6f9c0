"""Fuzz targets on everything that reads what others wrote.

A few seconds in the test suite, always the same examples. For longer, with new ones each time:
``FUZZ_SECONDS=600 pytest --timeout 0 tests/fuzz``; each target then runs for that long.
"""
