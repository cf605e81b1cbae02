"""Many photos: what their paths say and their files hold, and the table made of them.

class_rule   what class folders mean, by their names
columns      the columns of the table, named once
layout       which split and label a path means, on disk, in a zip file, for ``predict``
photo_map    photos laid out in the plane by their looks
pixel_cache  decoded grey levels, memory-mapped
scan         from a folder to one table of photos: ``Dataset``
splits       splits that keep a casting whole
statistics   grey levels, mean photos and skew of the classes
weights      what each photo counts where castings are counted
"""
