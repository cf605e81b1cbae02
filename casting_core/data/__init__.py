"""What photos there are: decoding, folders, the pixel cache, drawn castings."""
