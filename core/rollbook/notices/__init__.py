"""Notices to people: what they are told, once, without a name of any pupil."""
