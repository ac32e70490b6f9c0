"""Where rosters come from: transports that fetch files, and dialects that read them."""
