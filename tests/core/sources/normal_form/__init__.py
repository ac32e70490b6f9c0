"""The normal form: written, read back, told by origin."""
