"""The command line, in its own process where the process matters."""
