"""Snapshots of a source: fetched, hashed, proved fit to be compared, and kept."""
