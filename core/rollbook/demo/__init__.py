"""Generated districts: believable rosters with something wrong in them, and none of it real."""
