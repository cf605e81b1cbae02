"""The pieces of the Dataset page."""
