"""Who may what, on record: people with their roles, sessions of whoever signed in, links to look.

access    what the ledger says of all three now
address   how a link to look is written
links     links by which somebody may look for some time, and change nothing
members   people and their roles
sessions  signing in and out, and who acts in a session now
signatures  a second person's own signature, past a gate that is blocked
"""
