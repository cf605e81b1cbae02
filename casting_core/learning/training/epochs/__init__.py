"""What happens in an epoch and between two of them.

callback          what Keras does, told as events
checkpoint        where a training stands after an epoch, in one file
metrics           misses, false alarms and F1, counted while Keras looks anyway
weight_averaging  the mean of the weights of the last epochs
"""
