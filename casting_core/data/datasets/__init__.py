"""Many photos: what their paths say, what is in each file, decoded pixels, the table, statistics, splits, a map."""
