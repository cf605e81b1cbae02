"""A photo under review beside a sound one.

full_size      a photo as its file has it, not smaller as networks see it
nearest_sound  which sound casting looks most like it, and where that lies in it
"""
