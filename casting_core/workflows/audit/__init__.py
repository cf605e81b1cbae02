"""What is wrong with a dataset: worked out once, kept, and told as a report.

audit      the audit itself, and the one that was kept
audit_job  the same as a job
report     the same as a text that a person files
"""
