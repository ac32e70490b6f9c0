"""The checklists themselves, one in each file."""
