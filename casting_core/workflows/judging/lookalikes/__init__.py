"""Which known castings, and which kept photos of verdicts, look most like a photo, by what a version's embedding says.

index      embeddings of many photos, in a file for each version
looks_job  the same worked out as a job
nearest    the nearest of them
"""
