"""Datasets: opening, importing, removing, their castings, and splits that keep a casting whole.

castings        which photos show one casting, remembered
castings_job    the search for castings as a job
importing       from a zip file, dropped files or a folder to a dataset with a name
import_job      the same as a job
judgeable       photos that are too small for any verdict
opening         a dataset as one table, as people decided about its photos
own_validation  a validation folder of a person's own
photo_map       where its photos lie on a map
removing        taking datasets away, and bringing them back
sample          the drawn sample that an installation begins with
splits          splits by casting, kept by name
"""
