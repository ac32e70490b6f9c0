"""What an operator can do in the console, one class per act."""
