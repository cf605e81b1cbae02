"""A run, from asking for it to its version, and what it proves.

learnable       photos of a dataset as a training wants them
learning_curve  is more data worth it?
runs            runs, the jobs that train one network each
study           what a recipe is worth on castings never seen, over folds, seeds and disturbances
train           from a dataset and a recipe to a run, and from a run to a version
views           photos as a training would show them to its network
"""
