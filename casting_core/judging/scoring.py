"""Scores of photos by an exported graph: no TensorFlow, a millisecond a photo."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from casting_core.data.images import Grey
from casting_core.errors import ModelError

AT_ONCE = 4  # photos in one call of the graph; what it makes of more is larger than the processor's caches


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The three answers of a network for n photos."""

    score: NDArray[np.float32]  # (n,), the probability of defective
    evidence: NDArray[np.float32]  # (n, rows, columns), what each place adds to the score's logit
    embedding: NDArray[np.float32]  # (n, d)

    def __len__(self) -> int:
        return len(self.score)


class Scorer:
    """A serving graph, ready to score; threads may share it. Raises ``ModelError`` if the graph is none of ours."""

    def __init__(self, graph: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            inputs, outputs = self._session.get_inputs(), {output.name for output in self._session.get_outputs()}
        except Exception as error:  # onnxruntime has a dozen classes for "this is no graph", none of them public
            raise ModelError("the model's graph cannot be read") from error
        if [one.name for one in inputs] != ["grey"] or not {"score", "evidence", "embedding"} <= outputs:
            raise ModelError("the model's graph was not made by this program: it lacks score, evidence or embedding")
        self.image_size = int(inputs[0].shape[1])  # pixels, both sides

    def score(self, grey: Grey) -> Scores:
        """The answers for photos of shape (n, image_size, image_size); scored ``AT_ONCE`` at a time."""
        starts = range(0, max(len(grey), 1), AT_ONCE)
        chunks = [self._run(np.ascontiguousarray(grey[start : start + AT_ONCE])) for start in starts]
        score, evidence, embedding = (np.concatenate(answers) for answers in zip(*chunks, strict=True))
        return Scores(score=score, evidence=evidence, embedding=embedding)

    def _run(self, grey: Grey) -> list[NDArray[np.float32]]:
        answers: list[NDArray[np.float32]] = self._session.run(["score", "evidence", "embedding"], {"grey": grey})
        return answers
