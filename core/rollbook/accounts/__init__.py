"""What accounts people are to have: names, places and ends, by a district's policy. Pure."""
