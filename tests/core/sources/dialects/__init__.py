"""Dialects that are translated into the normal form."""
