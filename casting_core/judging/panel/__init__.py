"""What a version bears, what it reads, and what its scores mean, beside its figures: the honest panel.

background   what the version says where the part is painted over
curves       ROC and precision-recall over castings
panel        all of it, as it is kept
reliability  whether scores mean what they say
sample       which photos are put under stress
stress       what goes wrong at each strength of each disturbance
verdict      what to say of it first
"""
