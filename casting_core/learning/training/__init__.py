"""One training, from photos to the weights that are kept, and the same over folds.

checkpoint  where a training stands after an epoch, in one file
folds       every photo scored by a network that has seen none of its casting
subsets     the same training on fewer castings
train       one training
trial       one training of a search, of which only scores are kept
"""
