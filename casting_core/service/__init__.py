"""The HTTP service for stations: a photo in, an answer out that is on record.

command  `serve`
"""
