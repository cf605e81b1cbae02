"""Where the threshold is chosen: three ways, all on castings that chose nothing else. Arrays in, values out.

castings   what a threshold is chosen on: one score for each casting, and what happens at every threshold
contract   at most so many escapes, with so much confidence
cost       what escapes, false alarms and looking cost at a plant's own defect rate
workload   two thresholds: pass, inspect, reject, and how many castings a person has to look at
"""
