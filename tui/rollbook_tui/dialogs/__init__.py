"""Questions that are put over a screen."""
