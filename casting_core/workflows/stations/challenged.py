"""What the challenge makes of an answer: no part passes at a station that has not judged its challenge parts right.

A challenge part itself never passes either: it is taken back, for it is known, and some of them are defective.
"""

from dataclasses import replace

from casting_core.domain import Verdict
from casting_core.workflows.challenge.standing import Looked
from casting_core.workflows.challenge.values import PREFIX, Challenged, Part, Word
from casting_core.workflows.stations.asked import Answered

UNSURE = "whether this station has judged its challenge parts could not be read: {}"
NO_PART = "there is no challenge part of this number; in force are {}"
TOLD = {
    Word.RIGHT: "challenge part, {label}: judged right; take it back",
    Word.WRONG: "challenge part, {label}: judged wrongly, as {verdict}; a person must clear the station",
    Word.NOT_JUDGED: "challenge part, {label}: not judged, photograph it again{why}",
    Word.NOT_NEW: "challenge part: this photo was sent before, photograph the part anew",
}


def challenged(answer: Answered, looked: Looked) -> Answered:
    """The answer as the station gets it: INSPECT where its challenge is due or missed, and for each challenge part."""
    if looked.known is None:
        return answer
    if looked.part is not None:
        return _of_part(answer, looked, looked.part)
    if answer.asked.part.startswith(PREFIX):
        known = ", ".join(part.name for part in looked.known.parts)
        return _inspect(answer, Challenged(word=Word.NO_PART, verdict=answer.said.verdict), NO_PART.format(known))
    word = looked.standing.word
    if word is None:
        return answer
    said = Challenged(word=word, verdict=answer.said.verdict, set=looked.known.name)
    return _inspect(answer, said, looked.standing.words)


def unsure(answer: Answered, why: object) -> Answered:
    """The answer where nobody can say how the station stands."""
    return _inspect(answer, Challenged(word=Word.UNSURE, verdict=answer.said.verdict), UNSURE.format(why))


def _of_part(answer: Answered, looked: Looked, part: Part) -> Answered:
    assert looked.known is not None
    said = answer.said
    word = Word.NOT_NEW if looked.used else part.word(said.score, said.verdict)
    why = f": {said.reason}" if said.reason else ""
    reason = TOLD[word].format(label=part.label.word, verdict=said.verdict, why=why)
    told = Challenged(word=word, verdict=said.verdict, set=looked.known.name, known=part.photo, label=part.label.word)
    return _inspect(answer, told, reason)


def _inspect(answer: Answered, challenge: Challenged, reason: str) -> Answered:
    """The score stays: a person wants to see it."""
    said = replace(answer.said, verdict=Verdict.INSPECT.value, reason=reason)
    return replace(answer, said=said, challenge=challenge)
