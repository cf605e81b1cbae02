"""What a training is told and what it says; no TensorFlow here.

choices       what a setting may be chosen from, and how people say it
diagnosis     what the curves of a training say, in one finding with one remedy
events        what a training says while it works, and how it asks whether to stop
presets       recipes to start with
recipe        each setting of a training
remedies      what to change in a recipe against what its curves say
search_space  what a search may vary
setting       what a setting says of itself: title, help, range, for whom
"""
