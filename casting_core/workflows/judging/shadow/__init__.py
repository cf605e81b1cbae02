"""A version in shadow: it judges beside the one in production, unseen by stations, and the differences are listed.

beside       a photo of a watched folder, judged once more when its verdict is on record
differences  how often both said the same, and the photos that they differ about
verdicts     what the version in shadow said of a photo, on record
version      which version is in shadow: begun and ended by a person
"""
