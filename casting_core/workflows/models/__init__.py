"""Model versions: which one judges, at which operating point, and those that come from elsewhere.

calibration      which castings an operating point may be chosen on
checks           whether a version can judge, tried on known photos in a process that can be ended
comparison       two versions on the castings that are new to both
deleting         deleting a version that nothing on record and nobody at work needs
importing        taking a version in from the zip file that ``models export`` writes
operating_point  putting an operating point in force, checked once on test castings
operating_point_job  the same as a job
promotion        putting a version in production, and the figures of both to decide by
proposals        an operating point by contract, by cost, by workload or by hand
release_gate     whether the new one is no worse; who overrules it needs a second name
status           draft, reviewed or released, as people said
trying           what that process does
"""
