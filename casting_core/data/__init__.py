"""What photos there are, and what is known of them.

audit      what is wrong with a dataset, and what follows from it
castings   which photos show one casting
datasets   many photos: folders, pixel cache, the table, statistics, splits
drawing    drawn castings and drawn defects
imaging    one photo: decoding, measures, alignment, features
importing  from a source of photos to a folder of our own
"""
