"""What people and models decided, and what was made. Pages never write here.

card       the card of a version, a typed value
chain      the rows of the ledger, and whether their chain is whole
database   the tables, and the only way to read and to write them
datasets   datasets by name, and the states each has been in
decisions  what people decided about photos
jobs       jobs: what is to be done, how far it is, its events and its end
ledger     who did what, when and why: reading rows, and adding them to the chain
open_cards  which casting is being judged in which browser just now
registry   model versions in ``model/``
shared     which files the folders hold that machines share through a store
splits     splits that are kept with a dataset
version_files  which files a version has, and the one way to read them
version_folder  the card in a version's folder, and its files checked against it
"""
