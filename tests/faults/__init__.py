"""Faults put into the engine on purpose: what it holds must stay whole."""
