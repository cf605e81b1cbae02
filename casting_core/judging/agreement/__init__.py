"""How well appraisers, people and models, agree with themselves, with each other and with a reference.

answers  what appraisers said of parts, trial by trial
bands    what a figure is called: the limits of AIAG, the words of VDA
kappas   agreement beyond chance: Cohen, Fleiss and Gwet's AC1
study    every figure of a study, and who disagrees with whom on which part
values   the figures, each with what it counts
"""
