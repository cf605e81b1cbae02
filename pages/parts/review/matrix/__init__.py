"""The confusion matrix as a table of four buttons, drawn by a program of our own in the browser.

component  its program, put on the page
"""
