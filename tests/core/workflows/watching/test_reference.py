"""What photos look like that a version learned from: one of each casting, judged as any other photo is."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from casting_core.data.imaging.images import decode
from casting_core.data.imaging.measures import brightness, sharpness
from casting_core.errors import DatasetError
from casting_core.jobs.kinds import Inputs
from casting_core.judging.watch.seen import projected
from casting_core.records.card import ModelCard
from casting_core.records.chain import Kind
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.seen import learned_from
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.stores import ledger, registry
from casting_core.workflows.watching import reference, reference_job

if TYPE_CHECKING:
    from casting_core.jobs.pulse import Pulse


def card_of(version: str) -> ModelCard:
    return registry().card(version)


def test_the_job_looks_at_one_photo_of_each_casting_and_it_is_kept(version: str, sample_folder: Path) -> None:
    open_dataset(sample_folder)
    assert reference.reference(card_of(version)) is None
    job = KINDS[reference_job.KIND]
    inputs = Inputs(values={"model": version}, job=1, attempt=1, actor="Ada", folder=Path(), pulse=cast("Pulse", None))
    result = job.work(inputs, lambda _event: None, lambda: False)
    learned = learned_from(card_of(version))
    assert learned is not None
    castings = len(set(learned.casting.values()))
    assert result == {"castings": castings}
    assert job.outcome(result) == f"{castings} castings looked at"
    known = reference.reference(card_of(version))
    assert known is not None
    assert len(known.score) == castings
    trained = {learned.casting[photo] for photo in learned.photos}
    assert int(known.new.sum()) == castings - len(trained)
    assert reference.stamp(card_of(version)) > 0


def test_photos_that_are_not_here_are_asked_for(version: str) -> None:
    with pytest.raises(DatasetError, match="add the dataset that it was trained on"):
        reference.look(load_model(version))


def test_a_verdict_on_record_says_how_light_and_sharp_its_photo_was(sample_folder: Path) -> None:
    photo = next(sample_folder.rglob("*.jp*g")).read_bytes()
    model = load_model("starter")
    finding = judge(photo, model)
    said = recorded.Said.of(finding, model).body()
    assert finding.seen is not None
    assert finding.embedding is not None
    assert said["light"] == pytest.approx(brightness(finding.seen), rel=1e-4)
    assert said["sharpness"] == pytest.approx(sharpness(finding.seen), rel=1e-4)
    assert np.allclose(said["looks"], projected(finding.embedding[None, :])[0], rtol=1e-4)
    row = ledger().add(Kind.INSPECTION, about=finding.sha256, body=said, actor="Ada")
    assert recorded.Said.read(finding.sha256, row.values) == recorded.Said.of(finding, model)
    assert decode(photo).sha256 == finding.sha256
