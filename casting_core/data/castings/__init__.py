"""Which photos show one casting: candidates by features, comparison, and joining them to groups."""
