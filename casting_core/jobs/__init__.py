"""The one way of long work: a job is a row, a process and a folder; pages only look.

bounded   a short piece of work in a process that is ended when it takes too much
control   asking for jobs, stopping, resuming, finding them
feed      the events of jobs, read once for all readers
kinds     what a kind of job is: a name and a function
process   a job's process and its folder; alive is who holds the lock
progress  how far a job is, and the time left
pulse     heartbeat and events out, wishes in
queue     whose turn it is
standby   a process that has loaded what jobs of a kind need, and waits for the number of one
standing  a process that stands ready to be asked, and is begun anew where it does not answer
work      doing one job, in its process
worker    taking jobs that may be done anywhere, on whatever machine
"""
