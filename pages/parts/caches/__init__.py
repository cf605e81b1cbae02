"""What pages read again and again, kept once for all visitors; all other parts may use it.

agreement_cache  what came of studies of agreement
batch_cache      results of batches, and small pictures of their photos
challenge_cache  how stations stand to their challenge parts
dataset_cache    datasets and what is known of their photos
look_cache       known castings that a photo may look like
model_cache      model versions and the scores they gave
open_cards       which cards of Review are open in which browsers
record_cache     verdicts on record, and the photos kept with them
review_cache     what people said of photos, and which labels are doubtful
run_cache        runs, and what happened in them
shadow_cache     where the version in shadow differs
watch_cache      what the shift's board is made of
"""
