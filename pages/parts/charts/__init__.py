"""The charts, as plotly figures.

canvas            an empty chart in the theme's colours
challenge_charts  how far challenge parts lie from being judged wrongly, over time
dataset_charts    how many photos of what, and how they look
operating_charts  castings by score, with the thresholds
panel_charts      what a version bears, whether its scores mean what they say, how it orders castings
review_charts     the confusion matrix, and how scores spread
search_charts     a search for settings
training_charts   the curves of runs
watch_charts      rejects shift by shift, and photos day by day
"""
