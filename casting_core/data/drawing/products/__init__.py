"""The drawn products: each with its plan (what varies from casting to casting) and how it is drawn."""
