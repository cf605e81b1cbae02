"""Scores by label with the threshold as a line, drawn by a program of our own in the browser.

component  its program, put on the page
picture    what it is sent: bars, and what happens to castings at every threshold
"""
