"""Random products, which networks learn from before the first photo.

relief       random plates with what foundries put on plates
relief_plan  what such a plate is
turned       random turned parts
"""
