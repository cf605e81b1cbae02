"""Photos on a page: gallery, card, pictures."""
