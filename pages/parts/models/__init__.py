"""The pieces of the Models page.

card_view    the card of a version: figures, settings, curves
promotion    putting a version in production
report_view  the report on a version that an auditor signs
"""
