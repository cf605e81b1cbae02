"""The pieces of the Tune page."""
