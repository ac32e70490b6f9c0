"""Between two school years: checklists whose steps tick themselves from the data."""
