"""Many photos: what their paths say and their files hold, and the table made of them.

class_rule   what class folders mean, by their names
columns      the columns of the table, named once
file_facts   what is in each file, and where files lie that showed photos
folders      a folder on this machine, read by the grammar of ``layout``
layout       what each file of a dataset is, on disk, in a zip file, for ``predict``
levels       what folders say at any depth: split, class, groups
photo_map    photos laid out in the plane by their looks
reading      what is read of a photo without opening it: names, tables, masks
pixel_cache  decoded grey levels, memory-mapped
scan         from a folder to one table of photos: ``Dataset``
splits       splits that keep a casting whole
statistics   grey levels, mean photos and skew of the classes
weights      what each photo counts where castings are counted
"""
