"""The command line: a file for each topic, and how all of them speak to the terminal.

audit      what is wrong with a dataset
batch      many photos judged into a table, or out of a folder as they come
castings   which photos show one casting, and splits that keep each whole
data       drawing photos, and saying what a folder holds
importing  from a zip file or a folder to a dataset
jobs       what goes on and what ended; stopping, resuming
judging    figures of a split, verdicts of photos, places of defects
learning   training
review     what people and models say of the same castings
study      what a recipe is worth on castings never seen
terminal   one sentence for a person, one JSON object for a machine, no traceback for either
tuning     a search for settings
upkeep     the database, the ledger, stations and the licences
versions   model versions: which judges, at which operating point, what it bears, the report of it
"""
