"""What a network is shown: photos, their views, batches, and how much of what comes when.

augmentation  views as they might have been photographed too
batches       which photos are seen in which order
curriculum    what is learned when, and how many photos an epoch shows
material      what one training learns from and is judged by
photos        photos to learn from, and which of them are held out
subsets       the photos of fewer castings, each choice within the next
views         photos as networks see them
"""
