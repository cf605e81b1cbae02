"""What a version is worth on a dataset of one's own.

kept_scores  what a version said of photos, each scored once
measure      a version measured on a dataset, and what came of it kept
measure_job  the same as a job
worth        what a version is worth on a dataset, or that it was not measured there
"""
