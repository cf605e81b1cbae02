"""One photo: from its bytes to what can be said of it alone.

alignment     where the part lies, and the photo as if it lay there always the same
disturbances  what photographs suffer in a foundry: light, blur, compression, noise
features      places that are found again in another photo
images        the one decoder: bytes to grey levels
matching      whether two photos show one casting
measures      light, background, sharpness
signatures    what bytes are that are no photo
thumbnails    a photo as a whole, in a few pixels, whatever its light
"""
