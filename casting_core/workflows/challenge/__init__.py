"""Challenge parts: known castings that a station must judge right at the start of a shift.

margins    how far each lies from being judged wrongly, over the weeks
proposing  which castings of a dataset would do
sets       the parts in force: chosen and given up by a person
shifts     when a shift begins
standing   which stations may let parts pass, which must judge their parts first, which are blocked; clearing one
values     parts, sets, and what an answer says of them
"""
