"""Which photos show one casting: candidates by features, comparison, joining.

grouping  photos in, castings out, with the links that say why
"""
