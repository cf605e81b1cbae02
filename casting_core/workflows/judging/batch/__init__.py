"""Many photos judged at once, and a folder whose photos are judged as they come.

batch      many photos judged by all cores, a few at a time
batch_job  the same as a job: asked for, resumed, called off
export     the results of a batch for a spreadsheet
kept       batches: where each is kept, its row in the ledger, and the check of one against the other
looking    its results as people look at them, each with its photo once more
material   the photos of a batch, wherever they lie
shadow_job  the same photos judged once more by the version in shadow
results    what a version said of each photo, in a file that only grows
watch      a folder whose photos are judged as they come
watched    what was judged in such a folder, and where its photos are moved to
"""
