"""What the detail pane shows: functions from a view and a width to text."""
