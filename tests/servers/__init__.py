"""Real servers on 127.0.0.1 that give any roster away, and break when they are told to."""
