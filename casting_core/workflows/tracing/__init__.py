"""Which castings passed, by which version, when: every verdict on record, one photo at a time or in a batch.

fetch_back     passed parts between two moments or rows, and those that look like a returned one
retention      kept photos go by age or size, but none under review; the forecast of the disk
retention_job  the same once a day, as a job
verdicts       verdicts found by version, time, verdict, part, and how close they were to a threshold
"""
