"""The pieces of the Tune page.

search_form  what a search may vary, what it tries to reach and for how long
search_view  how far it is, its history, its findings
"""
