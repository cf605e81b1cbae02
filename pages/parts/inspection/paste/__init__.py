"""A photo on the clipboard is taken like one that was dropped.

component  its program, put on the page
"""
