"""The networks in Keras: how each is built and computed, what it begins with, and its export.

backbone         a public network, frozen, and a head that learns from few photos
catalogue        networks by name
ensemble         members that learn alone and judge together
evidence         the network that looks for local defects
export           the graph that scores without TensorFlow, checked against Keras
keras_private    the one door to what Keras does not promise to keep
layers           layers that only ``evidence`` has
loss             cross-entropy with labels believed less than wholly
microbatches     a step that goes through its batch a few photos at a time
mixed_precision  the same weights, computed the way this processor does it fastest
optimizers       Adam and Muon
pretrained       what a network knows before its first photo
"""
