"""From a network's output to score, verdict, evidence and figures: arrays in, values out.

appearance    what something looks like, learned from examples
bounds        how many castings went wrong, class by class, and what that proves
calibration   scores that mean what they say
evaluation    the figures of a split
explanation   where in the photo the score comes from
gate          is this a photo we may judge at all?
graphs        a look through a graph before it is run
localisation  does the heat map peak where the defect is?
objectives    what a search tries to reach on castings held out
prevalence    what scores and rejects mean at a plant's own defect rate
ranges        the numbers a photo is judged by before a network sees it
scoring       scores by an exported graph, without TensorFlow
"""
