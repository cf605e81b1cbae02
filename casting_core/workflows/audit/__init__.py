"""What is wrong with a dataset: worked out once, kept, and told as a report."""
