"""People: who may be the same person, and making one of two."""
