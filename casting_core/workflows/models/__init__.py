"""Model versions: which one judges, and those that come from elsewhere.

checks     whether a version can judge, tried on known photos in a process that can be ended
importing  taking a version in from the zip file that ``models export`` writes
promotion  putting a version in production, and the figures of both to decide by
trying     what that process does
"""
