"""A search for settings: its trials, the processes that do them, and what they say.

tune         its start, its end, going on with it, and where it stands
studies      its folder and its plan, and the processes that work on it
tune_work    what such a process does
trials       who does which trial next, and that none is lost or done twice
trial_store  where trials are kept
findings     which settings matter, and where the good values lie
spread       the best few trained again with other seeds, so that luck is not taken for progress
"""
