"""What people decide about photos, and a dataset as they decided it.

correct     deciding about photos, many at once, and taking it back
decisions   decisions laid over what the folders say
history     the ledger for people and their other programs
judgements  what people say of photos that a version has judged
known       castings whose truth is known, by which whoever judges is measured
opinions    what a person says of a part that was inspected
queues      which castings somebody wants to look at, kept under a name
recording   what people say, written down: many at once, each once
"""
