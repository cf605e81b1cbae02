"""An audit on the page.

audit_view  asking for one, how far it is, and its report
"""
