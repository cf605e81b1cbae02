"""The pieces of the Models page.

castings_behind  how many castings stand behind the figures of a card
next_steps       where to go next, ticked off where it is done
promotion        putting a version in production
"""
