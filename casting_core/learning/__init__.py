"""From photos to a network. Pages and commands may touch ``recipes``, and nothing else.

inputs       what a network is shown
networks     the networks in Keras, and their export
pretraining  what is learned before the first photo, and before the first epoch
recipes      what a training is told and what it says
threads      how many threads TensorFlow may use
training     one training, and the same over folds and subsets of castings
"""
