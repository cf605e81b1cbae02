"""The pieces of the Models page.

castings_behind  how many castings stand behind the figures of a card
promotion        putting a version in production
report_view      the report on a version that an auditor signs
"""
