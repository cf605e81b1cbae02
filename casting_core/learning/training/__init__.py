"""One training, from photos to the weights that are kept, and the same over folds.

baselines   what the simplest methods reach on the same castings
comparison  whether a head on a public network suits the product better
folds       every photo scored by a network that has seen none of its casting
refit       a head learns from the validation photos, too, once they have told what it is worth
rehearsal   a training in small, so that the first real one need not load and convert what every one needs
epochs      what happens in an epoch and between two
sound       a training on sound castings alone
train       one training
trial       one training of a search, of which only scores are kept
"""
