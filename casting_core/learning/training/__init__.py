"""One training, from photos to the weights that are kept, and the same over folds and subsets of castings."""
