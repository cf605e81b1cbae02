"""A score on a version's card in words: castings first, what they prove, then photos."""

from casting_core.wording import escapes, false_alarms, proof
from casting_core.workflows.judging.scores import NOT_COUNTED, Score
from pages.parts.shell import figures


def words(score: Score) -> str:
    """The castings of a score, which castings they are, what that proves, and its photos."""
    told = NOT_COUNTED
    if score.outcomes is not None:
        told = f"{escapes(score.outcomes)}, {false_alarms(score.outcomes)}"
    proven = f" {proof(score.outcomes)}" if score.proves and score.outcomes is not None else ""
    return f"{told} ({score.meaning}).{proven} {figures.photos(score)}"
