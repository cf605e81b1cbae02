"""Which castings passed, by which version, when: every verdict on record, one photo at a time or in a batch.

verdicts  verdicts found by version, time, verdict, part, and how close they were to a threshold
"""
