"""The pieces of the Inspection page.

finding_view  what a model says of one photo
record_view   verdicts on record, and the last of them
"""
