"""The pieces of the Models page.

castings_behind  how many castings stand behind the figures of a card
promotion        putting a version in production
"""
