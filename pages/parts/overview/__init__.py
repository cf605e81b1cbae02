"""The first page: how things stand, and what to do next.

board       the shift's board, where parts are judged
facts       the data, the model in use and the trainings, a box each
next_steps  what is done on the way to a model of these photos, and what comes next
"""
