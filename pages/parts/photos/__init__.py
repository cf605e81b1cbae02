"""Photos on a page.

gallery   photos in rows, opened by a click, chosen by a tick
pictures  every picture of a photo that a page shows
"""
