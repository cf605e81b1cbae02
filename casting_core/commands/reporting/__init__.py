"""Commands that write what is filed and signed.

report  the report that an auditor signs
"""
