"""The pieces of the History page.

ledger_view  the rows of the ledger, its head, and whether it is as it was written
trace_view   verdicts on record, found by version, time, part and closeness
"""
