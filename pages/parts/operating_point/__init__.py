"""Where a version draws the line: chosen by contract, cost, workload or hand, put in force, and taken back.

point_view  the whole of it, for one version
"""
