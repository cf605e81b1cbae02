"""Drawn castings: parts by their names, with the truth about their defects, and random ones to learn from."""
