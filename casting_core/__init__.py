"""Everything known about castings; no user interface in it."""

__version__ = "0.11.0"  # of the program: ``--version``, each new card and the pages take it from here
