"""Judging one casting after the other by keyboard: a card in the browser that no server keeps waiting.

judge_each  the card on the Review page
"""
