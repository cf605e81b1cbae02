"""Where the part lies in a photo, and the photo as if it lay there always the same: a step before every network."""
