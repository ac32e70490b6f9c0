"""A real PostgreSQL for the tests, and tests of what only PostgreSQL does."""
