"""From photos and a model version to scores, verdicts and figures, and what those prove.

answers       what a graph says of a few drawn photos, kept with its version
batch         many photos judged at once, and a folder whose photos are judged as they come
comparing     a photo under review beside a sound one
lookalikes    known castings and kept photos that look like a photo
evaluate      the figures of a split
independence  how many castings stand behind a score, and how many had been seen
inspect       from the bytes of one photo to a verdict, or the reason why there is none
learned       whether a version is better than a guess and the simplest methods
measuring     what a version is worth on a dataset of one's own
model         a version ready to judge with
out_of_fold   the scores that a cross-validation left behind
panel         what a version is worth, what it bears and what it reads, kept with its figures
plant         the plant's own defect rate, and what rejects mean at it
recorded      verdicts on record, and the last of them
refused       what the gate would refuse of photos whose labels are known
scores        the scores of a version side by side
seen          which castings of a dataset a version has seen, across datasets
shadow        a version that judges beside the one in production, unseen by stations
"""
