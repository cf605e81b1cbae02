"""Whether a photo may be judged at all.

appearance  what something looks like, learned from examples
gate        why there can be no verdict on a photo, in a sentence for the camera
ranges      the numbers a photo is judged by before a network sees it
reference   what good photos look like, learned from those of a training
window      which square of a photo is looked at, and where in the photo a place of it lies
"""
