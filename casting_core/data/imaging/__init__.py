"""One photo: from its bytes to what can be said of it alone.

alignment     where the part lies, and the photo as if it lay there always the same
contents      what a photo file holds and what decoding it would cost
disturbances  what photographs suffer in a foundry: light, blur, compression, noise
features      places that are found again in another photo
headers       what a file says of how it was made
images        the one decoder: bytes to grey levels
levels        from the samples a file stores to grey levels
matching      whether two photos show one casting
measures      light, background, sharpness, grain
part          how the part lies, is lit and looks in a photo
signatures    what bytes are that are no photo
thumbnails    a photo as a whole, in a few pixels, whatever its light
traces        what a camera or a program left in the pixels: filters, stretched blocks
"""
