"""Everything known about castings; no user interface in it."""
