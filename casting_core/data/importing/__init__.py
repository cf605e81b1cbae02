"""From a zip file, a folder or dropped files to a folder of our own.

archives  zip files from outside, never unpacked to disk
copy_in   taking photos in: by their content, all or nothing
preview   a look first: classes, splits, counts, and what is odd
sources   files with a path each, read one at a time
staging   what a browser sent, put down until an import has taken it in
"""
