"""Accounts: names, ends, and what a sync makes of them."""
