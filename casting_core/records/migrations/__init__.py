"""How the tables came to be what they are, step by step.

upgrade  walks the steps that a database has not seen
"""

HEAD = "0007"  # the newest step; known without reading them all, so that most starts need not
