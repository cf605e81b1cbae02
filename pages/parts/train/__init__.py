"""The pieces of the Train page.

recipe_form  how a network is trained
run_actions  what a person can do about a run that waits, or that ended without a version
run_table    all runs, of which one can be chosen
run_view     a run on the page
"""
