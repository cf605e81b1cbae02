"""What a photo file holds and what decoding it would cost, read off its structure before a pixel is decoded.

limits  how much a file may hold: the one place that says so, and the value that says what one does hold
bmp, jpeg, png, tiff, webp  one kind of file each
file    which kind a file is, and whether it keeps to the limits
"""
