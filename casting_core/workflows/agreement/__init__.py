"""Studies of agreement: people and a model judge the same parts several times, blind, and are compared.

appraising  the answers of people, round by round, and those of a version
csv_file    a study that was done on paper, from a table
plan        which parts are judged by whom how often
plan_job    planning as a job
result      what came of it, and what must be known beside it
told        the same as text and as plain values
"""
