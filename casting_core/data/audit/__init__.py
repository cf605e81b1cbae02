"""What is wrong with a dataset, and what follows from it: pure functions from photos to findings, a file per family."""
