"""The honest panel of a version on the Models page.

panel_view  the verdict and what it bears, or a button that measures it
behind      what folds out: calibration, curves, the background, kinds of defect, every figure
"""
