"""Model versions: which one judges."""
