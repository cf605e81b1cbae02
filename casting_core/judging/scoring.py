"""Scores of photos by an exported graph: no TensorFlow, a few milliseconds a photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, free
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.part import FoundPart, find_part
from casting_core.errors import ModelError

AT_ONCE = 4  # photos in one call of the graph; what it makes of more is larger than the processor's caches


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The three answers of a network for n photos."""

    score: NDArray[np.float32]  # (n,), 0 speaks for ok and 1 for defective; 1 where the part was not found
    found: NDArray[np.bool_]  # (n,), whether the part was found in the photo
    evidence: NDArray[np.float32]  # (n, rows, columns), what each place adds to the score's logit
    embedding: NDArray[np.float32]  # (n, d)

    def __len__(self) -> int:
        return len(self.score)


@dataclass(frozen=True, kw_only=True, eq=False)
class Views:
    """Photos as a graph is given them."""

    grey: NDArray[np.uint8]  # (n, rows, columns)
    placement: NDArray[np.float32]  # (n, 2, 3), as ``Placement`` has it
    found: NDArray[np.bool_]  # (n,), whether the part was found


class Scorer:
    """A serving graph, ready to score; threads may share it. Raises ``ModelError`` if the graph is none of ours.

    ``alignment`` is that of the photos it was trained on; without one it is given photos as they are. ``threads``: as
    many work on one call; whoever scores on each core anyway wants one.
    """

    def __init__(self, graph: bytes, alignment: Alignment | None = None, *, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads or 0  # 0: as onnxruntime thinks best
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            inputs, outputs = self._session.get_inputs(), {output.name for output in self._session.get_outputs()}
        except Exception as error:  # onnxruntime has a dozen classes for "this is no graph", none of them public
            raise ModelError("the model's graph cannot be read") from error
        if inputs[0].name != "grey" or not {"score", "evidence", "embedding"} <= outputs:
            raise ModelError("the model's graph was not made by this program: it lacks score, evidence or embedding")
        self.alignment = alignment or free(int(inputs[0].shape[1]), reason="the graph takes photos as they are")
        asked = ["grey", "placement"] if self.alignment.moves else ["grey"]
        if [one.name for one in inputs] != asked or tuple(inputs[0].shape[1:]) != self.alignment.shape:
            raise ModelError("the model's graph does not fit its card: it wants photos aligned in another way")

    @property
    def image_size(self) -> int:
        """Pixels of a photo, both sides."""
        return self.alignment.size

    def score(self, grey: Grey) -> Scores:
        """The answers for photos of shape (n, image_size, image_size); scored ``AT_ONCE`` at a time."""
        starts = range(0, max(len(grey), 1), AT_ONCE)
        return _joined([self._run(self.views(grey[start : start + AT_ONCE])) for start in starts])

    def score_found(self, parts: Sequence[FoundPart]) -> Scores:
        """The same for photos in which the part was looked for already; where in another way, it is looked for anew."""
        starts = range(0, max(len(parts), 1), AT_ONCE)
        return _joined([self._run(self._views_of(parts[start : start + AT_ONCE])) for start in starts])

    def views(self, grey: Grey) -> Views:
        """Photos of shape (n, image_size, image_size) as the graph is given them."""
        return self._views_of([find_part(photo, self.alignment) for photo in grey])

    def _views_of(self, parts: Sequence[FoundPart]) -> Views:
        mine = [one if one.alignment == self.alignment else find_part(one.photo, self.alignment) for one in parts]
        return Views(
            grey=np.array([one.view for one in mine], dtype=np.uint8).reshape(-1, *self.alignment.shape),
            placement=np.array([one.placement.matrix for one in mine], dtype=np.float32).reshape(-1, 2, 3),
            found=np.array([self.alignment.found(one.placement) for one in mine], dtype=bool),
        )

    def answer(self, views: Views) -> list[NDArray[Any]]:
        """Score, evidence and embedding as the graph says them of a few views, in one call."""
        feed: dict[str, NDArray[Any]] = {"grey": views.grey}
        if self.alignment.moves:
            feed["placement"] = views.placement
        return list(self._session.run(["score", "evidence", "embedding"], feed))

    def _run(self, views: Views) -> list[NDArray[Any]]:
        """Score, evidence, embedding, and whether the part was found."""
        return [*self.answer(views), views.found]


def _joined(chunks: Sequence[list[NDArray[Any]]]) -> Scores:
    score, evidence, embedding, found = (np.concatenate(answers) for answers in zip(*chunks, strict=True))
    return Scores(score=np.where(found, score, np.float32(1)), found=found, evidence=evidence, embedding=embedding)
