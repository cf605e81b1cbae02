"""From a network to a score, a verdict, its evidence and the figures of a whole split."""
