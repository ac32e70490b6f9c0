"""The token that opens the server of pages."""

TOKEN = "bench"
