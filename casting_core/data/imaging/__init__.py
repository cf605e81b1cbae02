"""One photo: from bytes to grey levels, measures, alignment, features, matching, and what photos suffer."""
