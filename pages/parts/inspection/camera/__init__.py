"""A part is photographed on the page, by the rear camera at its full resolution.

component  its program, put on the page
"""
