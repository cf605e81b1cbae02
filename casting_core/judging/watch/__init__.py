"""How the line goes on: what became of parts shift by shift, whether that is chance, and what is proven of escapes.

counts        what became of parts, shift by shift
drift         whether photos are still like others, by a permutation test
escape_bound  a bound on the share of escapes that holds at every look
laney         limits of the share of rejects, which varies more from shift to shift than chance alone
seen          verdicts side by side, as arrays
shifts        when shifts begin and end
"""
