"""The pieces of the History page.

fetch_view    passed parts to fetch back
keeping_view  photos kept with verdicts, and the backup of everything
ledger_view   the rows of the ledger, its head, and whether it is as it was written
opinion_view  what people say of a part whose verdict is on record
paged         a long table, some rows at a time
people_view   who may what, roles and links given and taken back
trace_view    verdicts on record, found by version, time, part and closeness
"""
