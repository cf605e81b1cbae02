"""Many photos: what their paths say and their files hold, and the table made of them.

folders      which split and which label a place in a folder means
layout       the same for paths of a source that is not on this machine yet
photo_map    photos laid out in the plane by their looks
pixel_cache  decoded grey levels, memory-mapped
scan         from a folder to one table of photos: ``Dataset``
splits       splits that keep a casting whole
statistics   grey levels, mean photos and skew of the classes
"""
