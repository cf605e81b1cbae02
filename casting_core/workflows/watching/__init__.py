"""The shift's board: what was judged, whether photos change, what is proven of escapes.

board          all of it as one value, from the rows of the ledger
changes        whether photos are still like those a version learned from, and like those of earlier days
outgoing       the outgoing audit: passed parts drawn at random, and what people say of them
reference      what photos look like that a version learned from
reference_job  the same worked out as a job
rows           verdicts of the ledger, side by side
told           the board as text and as plain values
usual          what photos are compared with, once a person has called the new ones usual
"""
