"""The pieces of the Inspection page."""
