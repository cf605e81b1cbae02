"""Everything that an installation has, in one file that is kept elsewhere; and the way back from it.

backup_job  a backup as a job, by a click
reading     a backup is read through, hostile until every sum was looked at
saving      a backup is made while others work, and read back before it gets its name
restoring   an empty installation becomes what the backup holds
"""
