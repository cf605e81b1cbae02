"""The database: its tables, and the only way to read and to write it.

access     the engine for an address, and what reads, writes and decides through it
backup     the file of an SQLite database, its one backup, and the way back
sqlite     what SQLite wants to be told before many can share one file
tables     the tables
"""
