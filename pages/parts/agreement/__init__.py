"""The pieces of the Agreement page.

disputed_view  parts on which somebody disagrees, with photos
plan_form      a new study
result_view    what came of a study
round_view     judging, one photo at a time
study_choice   which study, and what to do in it
"""
