"""A search for settings: its trials, the processes that do them, and what they say.

findings  which settings matter, and where the good values lie
search    its start, its end, going on with it, and where it stands
spread    the best few trained again with other seeds, so that luck is not taken for progress
studies   its folder and its plan
trials    who does which trial next, and that none is lost or done twice
worker    what a process of a search does
"""
