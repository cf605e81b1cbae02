"""The charts, as plotly figures; the picture of scores is a program of our own.

canvas            an empty chart in the theme's colours
challenge_charts  how far challenge parts lie from being judged wrongly, over time
dataset_charts    how many photos of what, and how they look
panel_charts      what a version bears, whether its scores mean what they say, how it orders castings
review_charts     ROC and precision-recall
score_line        scores by label, with the threshold as a line that can be moved
search_charts     a search for settings
training_charts   the curves of runs
watch_charts      rejects shift by shift, and photos day by day
"""
