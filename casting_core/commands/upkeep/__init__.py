"""Commands about the installation itself.

database  `database check`, `backup`, `restore`
licences  `licences`
"""
