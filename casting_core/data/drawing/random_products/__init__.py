"""Random products, which networks learn from before the first photo: turned ones and reliefs."""
