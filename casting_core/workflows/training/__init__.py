"""A run, from asking for it to its version, and what it proves.

train             from a dataset and a recipe to a run, and from a run to a model version
line              runs that wait for their turn, and runs that are taken up again
learnable         photos of a dataset as a training wants them
views             what a network would be shown of them, for pages
calibrate         where the operating point is chosen
register          from a trained network to an immutable, checked version in model/
proof             what a run does after its own network, where it is asked to:
cross_validation  each fold of castings judged by a network that has seen none of it
learning_curve    the same recipe on fewer castings: is more data worth it?
further           how those networks are told of, and taken up again
held_out          scores of photos that a network was not trained on
out_of_fold       the scores that a cross-validation left behind, for Review
study             how good a recipe is on castings never seen, over folds, seeds and stress
"""
