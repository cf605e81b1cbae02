"""Whole tasks, read like sentences; the only room that knows several others at once.

installation    what there is here: datasets, runs, model versions, the pixel cache, the drawn sample
importing       from a zip file, dropped files or a folder to a dataset with a name
removing        taking datasets away, and bringing them back
train           from a dataset and a recipe to a run, and from a run to a model version
register        from a trained network to an immutable, checked version in model/
castings        which photos of a dataset show one casting
audit           what is wrong with a dataset, and what follows from it; kept once made
audit_run       the same as a process of its own, that says how far it is and can be stopped
audit_report    the same as a text that a person files
scores          the scores of a version side by side, each with what it proves
judge           from photos and a model version to scores, verdicts and the figures of a split
"""
