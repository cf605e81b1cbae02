"""Drawn castings: parts by name, with the truth about their defects, and random ones.

canvas           what everything is drawn with
parts            the parts that can be drawn, by name
random_products  sound castings of no product, for pretraining
synthetic        a drawn data set in the folders of the public one
"""
