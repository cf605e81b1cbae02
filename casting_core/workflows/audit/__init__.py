"""What is wrong with a dataset: worked out once, kept, and told as a report.

audit      the audit itself, and the one that was kept
audit_run  the same as long work that can be stopped
report     the same as a text that a person files
"""
