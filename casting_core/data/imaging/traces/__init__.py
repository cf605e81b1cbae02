"""What a camera or a program left in the pixels, whatever they show.

mosaic       raw data of a colour camera, saved as grey
compression  blocks of JPEG that a stretch has made longer one way than the other
"""
