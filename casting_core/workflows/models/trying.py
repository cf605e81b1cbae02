"""What a process of its own does with a version: loads it and has it judge known photos.

Run by ``checks``; it prints one JSON object. Whatever is wrong with a graph ends with this process.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey
from casting_core.errors import ModelError
from casting_core.jobs import bounded
from casting_core.judging.gating import gate
from casting_core.judging.scoring import AT_ONCE, Scorer
from casting_core.records.version_files import ANSWERS
from casting_core.records.version_folder import file_in
from casting_core.workflows.judging.answers import CLOSE, Answers, differs, drawn_photos
from casting_core.workflows.judging.model import Model, load_from

OPEN = ("low", "high", "blocks")  # what of a gate may be without end
SAME = 1e-6  # scores that differ by less on all photos are one answer


def objection(folder: Path, own: Grey) -> str | None:
    """What keeps the version in this folder from judging, in words; none where nothing does.

    ``own``: photos it has learned from, (n, size, size), where there are any.
    """
    try:
        model = load_from(folder)
        _check_gate(model, own)
        drawn = drawn_photos(model.card.image_size)
        _check_answers(model.scorer, np.concatenate([own, drawn]) if len(own) else drawn)
        if ANSWERS in model.card.files:
            return differs(model.scorer, Answers.from_bytes(file_in(folder, model.card, ANSWERS)))
    except ModelError as error:
        return str(error)
    except MemoryError:
        return "it needs more memory than it may have"
    except Exception as error:  # onnxruntime and numpy have many words for "this does not fit"
        first = str(error).strip().partition("\n")[0]
        return f"it cannot judge a photo: {first[:200]}"
    return None


def _check_gate(model: Model, own: Grey) -> None:
    numbers = {name: one for name, one in model.gate.arrays().items() if np.asarray(one).dtype.kind in "fiu"}
    if any(np.isnan(one).any() or (name not in OPEN and np.isinf(one).any()) for name, one in numbers.items()):
        raise ModelError("its gate holds what is no number")
    photos = own if len(own) else drawn_photos(model.card.image_size)
    refused = [gate.refusal(one, model.gate) is not None for one in photos]
    if len(own) and sum(refused) > len(own) / 2:
        raise ModelError(
            f"its gate refuses {sum(refused)} of {len(own)} photos that it has learned from: "
            "it is that of another version"
        )


def _check_answers(scorer: Scorer, photos: Grey) -> None:
    parts = [_answer(scorer, photos[at : at + AT_ONCE]) for at in range(0, len(photos), AT_ONCE)]
    score, evidence, embedding = (np.concatenate(one) for one in zip(*parts, strict=True))
    for name, values in (("scores", score), ("evidence", evidence), ("embedding", embedding)):
        if not np.isfinite(values).all():
            raise ModelError(f"its {name} are not all numbers")
    if score.min() < 0 or score.max() > 1:
        raise ModelError(f"its scores go from {score.min():g} to {score.max():g}, and a score lies from 0 to 1")
    if np.ptp(score) < SAME:
        raise ModelError(f"it gives the score {score[0]:g} to each of {len(photos)} photos, whatever they show")
    alone = _answer(scorer, photos[-1:])[0]
    again = _answer(scorer, photos[-1:])[0]
    if not np.allclose([alone[0], again[0]], score[-1], atol=CLOSE):
        raise ModelError("it gives one photo different scores")


def _answer(scorer: Scorer, photos: Grey) -> list[NDArray[np.float32]]:
    """Score, evidence and embedding of these photos; ``ModelError`` where their shapes are wrong."""
    given = scorer.answer(scorer.views(photos))
    for name, values, axes in zip(("score", "evidence", "embedding"), given, (1, 3, 2), strict=True):
        if values.ndim != axes or len(values) != len(photos) or values.dtype.kind != "f" or not values.size:
            raise ModelError(f"its {name} for {len(photos)} photos has the shape {values.shape}")
    return given


def main(folder: str, own: str, memory: str, seconds: str) -> None:
    """Prints what keeps a version from judging; ``own`` is a numpy file of photos it has learned from."""
    bounded.limit(memory=int(memory), seconds=float(seconds))
    print(json.dumps({"objection": objection(Path(folder), np.load(own, allow_pickle=False))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
