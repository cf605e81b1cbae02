"""What people and models decided, and what was made. Pages never write here.

database   the tables, and the only way to read and to write them
datasets   datasets by name
decisions  what people decided about photos
registry   model versions in ``model/``
revisions  the states a dataset has been in
run_log    runs, their events and their end
splits     splits that are kept with a dataset
"""
