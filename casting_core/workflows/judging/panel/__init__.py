"""The honest panel of a version on a dataset: what it is worth, what it bears, and what it reads.

compute    from a version and a dataset to its panel
keep       where it is kept, and how it is found again
panel_job  the same as a job, by a click or after a run
"""
