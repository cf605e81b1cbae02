"""One grammar of paths: which split, class and groups each file has, and what becomes of the files that are no photos.

The same grammar reads a folder on this machine, a zip file, files that were dropped, and the folders of ``predict``.
Known words are looked for at any depth (``levels``); tables, annotations and masks beside the photos are read where
they can be looked at (``reading``). Nothing is left out without being counted.

grammar   from paths to a layout
notes     what a person should know of a layout, in sentences
overlaid  what tables, masks and the set as a whole say of photos
sorting   which files are photos, masks, traces of computers, and others
values    where a file lies, and what a whole layout is
"""
