"""Stations: machines on the line that ask for verdicts.

asked       what a station asks and is answered
book        the answers on record, found again by the request's id
challenged  what the challenge makes of an answer
judge       what a process that judges does with each photo it is given
tokens      who may ask: stations, each with a token
"""
