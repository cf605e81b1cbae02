"""Where the part lies in a photo, and the photo as if it lay there always the same.

alignment  the form that the photos of one part are brought into
borders    what was added to make a photo square
choice     which alignment the photos of a dataset ask for
covering   photos whose part is covered, so that only what lies beside it differs
outline    parts of any shape, by their edges
placement  where a part lies in one photo
rings      round parts, by their rings
"""
