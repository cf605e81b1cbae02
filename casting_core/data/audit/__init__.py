"""What is wrong with a dataset: pure functions from photos to findings, a file per family.

finding     what a finding is, and how bad it can be
looks       what each photo looks like in a few numbers
questions   every question of an audit, asked one after the other
separation  how well a few numbers of a photo tell its label
"""
