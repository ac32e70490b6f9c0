"""A district that lives through anything, and the ghost that knows what it may hold."""
