"""What the dashboard's commands do: ask what must be asked, call the desk, say what came of it."""
