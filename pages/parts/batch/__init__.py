"""Many photos judged at once, on the Inspection page.

batch_list    the batches that were asked for before
batch_source  photos that are many: dropped, in a zip file, in a folder of the server
batch_table   its photos, filtered and sorted, and one of them large
batch_view    one batch: how far it is, then its summary and its photos
"""
