"""The pieces of the Dataset page.

audit_remedies    what the one button of a finding does
casting_view      which photos show one casting, and putting it right
dataset_form      the dataset in use: adding, reading again, managing, its classes
dataset_overview  the dataset at a glance
explorer          finding photos and looking at them
photo_map         a map of all photos
splits_view       splits, and what each is worth
"""
