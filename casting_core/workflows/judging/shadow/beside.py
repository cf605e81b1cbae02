"""A photo of a watched folder, judged once more by the version in shadow when its verdict is on record."""

import logging
from contextlib import suppress

from casting_core.errors import CastingError
from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow import verdicts
from casting_core.workflows.judging.shadow.verdicts import Answer
from casting_core.workflows.judging.shadow.version import in_shadow


class Beside:
    """Judges beside ``model``, as long as a version is in shadow; it never fails, for nobody waits for it."""

    def __init__(self, model: Model, *, actor: str) -> None:
        self._model, self._actor = model, actor
        self._loaded: Model | None = None

    def judge(self, content: bytes, finding: Finding, *, file: str) -> None:
        """Writes down what the version in shadow says of the photo in these bytes; nothing where none is in shadow."""
        with suppress(CastingError):  # the database is locked, or the version is gone
            found = in_shadow()
            if found is None or found.version == self._model.card.name:
                self._loaded = None
                return
            if self._loaded is None or self._loaded.card.name != found.version:
                self._loaded = load_model(found.version)
            mine = Said.of(finding, self._model)
            answer = Answer(model=mine.model, verdict=mine.verdict, score=mine.score, file=file)
            try:
                said = Said.of(judge(content, self._loaded), self._loaded)
            except Exception:  # as of the version that counts: one photo must not end the watching of a folder
                logging.getLogger(__name__).exception("photo %s in shadow", finding.sha256)
                return
            verdicts.record(said, answer, actor=self._actor)
