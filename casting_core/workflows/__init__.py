"""Whole tasks, read like sentences; the only room that knows several others at once.

installation    what there is here: datasets, runs, model versions, the pixel cache, the drawn sample
importing       from a zip file, dropped files or a folder to a dataset with a name
removing        taking datasets away, and bringing them back
castings        which photos of a dataset show one casting
splits          splits by casting, kept by name
audit           what is wrong with a dataset, and what follows from it; kept once made
audit_run       the same as a process of its own, that says how far it is and can be stopped
audit_report    the same as a text that a person files
decisions       what people decided about photos, laid over what the folders say
correct         deciding about photos, and taking it back
training        a run: from asking for it to its version, and what it proves
tuning          a search for settings
judge           from photos and a model version to scores, verdicts and the figures of a split
independence    what a score proves: castings seen before, and castings never seen
scores          the scores of a version side by side, each with what it proves
promotion       which version judges
"""
