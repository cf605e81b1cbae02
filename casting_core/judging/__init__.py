"""From a network's output to score, verdict, evidence and figures: arrays in, values out.

agreement        how well appraisers, people and models, agree
bounds           how many castings went wrong, class by class, and what that proves
calibration      scores that mean what they say
comparison       two versions on the same castings: which goes wrong more often, and what of that is luck
evaluation       the figures of a split
explanation      where in the photo the score comes from
gating           is this a photo we may judge at all?
graphs           a look through a graph before it is run
kinds            which kind of defect a reject shows
label_doubt      castings whose labels are doubtful
localisation     does the heat map peak where the defect is?
objectives       what a search tries to reach on castings held out
operating_point  where the threshold is chosen: contract, cost, workload
panel            what a version bears, what it reads and what its scores mean
prevalence       what scores and rejects mean at a plant's own defect rate
scoring          scores by an exported graph, without TensorFlow
watch            how the line goes on: counts, limits, drift, and a bound on escapes
"""
