"""What happens in the demonstration, one district a module."""
