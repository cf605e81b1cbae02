"""The pieces of the Inspection page.

finding_view  what a model says of one photo
"""
