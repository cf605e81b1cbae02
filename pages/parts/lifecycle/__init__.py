"""How far a version has come, the one that judges in shadow, and deleting one.

delete_view  deleting a version that nothing needs
shadow_view  putting a version in shadow, and where it differs from the one in production
status_view  draft, reviewed or released
"""
