"""The photos behind verdicts, kept by their content: a verdict that is asked about months later has its photo.

photos  one function keeps a photo, wherever it was judged; found again by its sha256
rule    which photos are kept, for how long, and who said so
"""
