"""The sections of a report: each is one function from what is known to a heading with blocks.

proof  what is proven, and that sentence by itself
order  which there are, in which order; a new section is a function and a line there
"""
