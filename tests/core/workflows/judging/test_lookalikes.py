"""The castings of both labels that look most like a part, and the kept photos that do."""

import numpy as np
import pandas as pd
import pytest

from casting_core.data.imaging.images import identity
from casting_core.domain import Label
from casting_core.errors import StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs
from casting_core.jobs.work import do
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.workflows import jobs
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.lookalikes import index, looks_job
from casting_core.workflows.judging.lookalikes.index import Index, Of, grow, missing, read
from casting_core.workflows.judging.lookalikes.nearest import castings_of, most_alike, nearest
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.panel import panel_job
from casting_core.workflows.keeping import photos as kept_photos
from casting_core.workflows.kinds import KINDS


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("starter")


def name(number: int) -> str:
    return f"{number:064x}"


def looks(*angles: float, scores: list[float] | None = None) -> Index:
    """Photos 0, 1, ... whose embeddings lie at these angles, in degrees."""
    turned = np.radians(np.array(angles))
    return Index(
        photo=np.array([name(at) for at in range(len(angles))], dtype="S64"),
        score=np.array(scores or [0.5] * len(angles), dtype=np.float32),
        embedding=np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32),
    )


def table(*labels: Label) -> pd.DataFrame:
    return pd.DataFrame({"photo": [name(at) for at in range(len(labels))], "label": [int(one) for one in labels]})


EAST = np.array([7.0, 0.0], dtype=np.float32)


def test_the_nearest_casting_of_each_label_is_found_and_never_the_part_itself() -> None:
    photos = table(Label.OK, Label.OK, Label.DEFECTIVE, Label.DEFECTIVE, Label.OK)
    castings = pd.Series([0, 1, 2, 3, 0], index=photos["photo"])
    among = castings_of(looks(0, 30, 60, 20, 5, scores=[0.1, 0.2, 0.3, 0.9, 0.5]), photos, castings)
    found = nearest(name(9), EAST, among)
    assert [found[label].photo for label in Label] == [name(0), name(3)]
    assert found[Label.DEFECTIVE].score == pytest.approx(0.9)
    assert found[Label.DEFECTIVE].likeness == pytest.approx(np.cos(np.radians(20)))
    again = nearest(name(0), EAST, among)  # a part of the dataset itself: neither it nor another photo of its casting
    assert again[Label.OK].photo == name(1)
    only = castings_of(looks(0), photos.iloc[:1], None)
    assert nearest(name(0), EAST, only) == {}
    assert nearest(name(9), EAST, castings_of(looks(), photos, None)) == {}


def test_people_s_labels_count_and_photos_that_left_the_dataset_do_not() -> None:
    photos = table(Label.OK, Label.DEFECTIVE)
    known = looks(0, 10, 20)
    assert castings_of(known, photos, None).photo == [name(0), name(1)]
    corrected = photos.assign(label=[int(Label.DEFECTIVE), int(Label.OK)])
    assert nearest(name(9), EAST, castings_of(known, corrected, None))[Label.DEFECTIVE].photo == name(0)


def test_kept_photos_that_look_like_a_returned_part_come_the_nearest_first() -> None:
    known = looks(40, 0, 20, 10, scores=[0.1, 0.2, float("nan"), 0.3])
    assert [one.photo for one in most_alike(name(1), EAST, known, most=5)] == [name(3), name(0)]
    assert [one.photo for one in most_alike(name(9), EAST, known, most=1)] == [name(1)]
    assert most_alike(name(9), EAST, looks(), most=5) == []


def test_a_job_looks_at_each_casting_once_and_the_nearest_to_a_copy_is_its_own_casting(
    sample_dataset: NamedDataset, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = control.ask_here(looks_job.request_for("starter", dataset=sample_dataset, actor="Ana"))
    do(job.id, KINDS)
    assert jobs.find(job.id).state is State.FINISHED
    opened = open_dataset(sample_dataset.folder)
    found = read(model.card, Of.CASTINGS)
    assert found is not None
    assert missing(found, list(opened.usable["photo"])) == []
    row = opened.usable.iloc[0]
    finding = judge((opened.root / row["path"]).read_bytes(), model)
    assert finding.embedding is not None
    (same, *_) = most_alike("", finding.embedding, found, most=1)
    assert same.photo == row["photo"]
    assert same.likeness > 0.99
    monkeypatch.setattr(index, "_look_at_castings", lambda *_: pytest.fail("it was looked at already"))
    assert grow(model, Of.CASTINGS, list(opened.usable["photo"])) is not None


def test_what_was_looked_at_before_somebody_stopped_it_stays(
    sample_dataset: NamedDataset, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = open_dataset(sample_dataset.folder).identities
    monkeypatch.setattr(index, "AT_ONCE", 8)

    def stop(done: int, _total: int) -> None:
        if done:
            raise StoppedError("stopped")

    with pytest.raises(StoppedError):
        grow(model, Of.CASTINGS, wanted, report=stop)
    assert len(missing(read(model.card, Of.CASTINGS), wanted)) == len(wanted) - 8


def test_kept_photos_are_looked_at_too_and_those_removed_are_forgotten(
    sample_dataset: NamedDataset, model: Model
) -> None:
    opened = open_dataset(sample_dataset.folder)
    contents = [(opened.root / path).read_bytes() for path in opened.usable["path"][:2]]
    for content in contents:
        recorded.record(judge(content, model), model, content=content, file="a.jpeg", actor="Ana")
    letter = b"Dear foundry"
    kept_photos.keep(letter, None)
    looks_job.look_at_all(inputs("starter"), lambda _event: None, lambda: False)
    found = read(model.card, Of.VERDICTS)
    assert found is not None
    assert sorted(found.photo.astype(str)) == sorted(map(identity, [*contents, letter]))
    assert int(np.isnan(found.score).sum()) == 1, "what is no photo is known to be none"
    kept_photos.remove(identity(contents[0]))
    left = grow(model, Of.VERDICTS, [one.photo for one in kept_photos.kept()])
    assert left is not None
    assert identity(contents[0]) not in left.photo.astype(str)


def inputs(version: str) -> Inputs:
    """What a job gets that looks at kept photos."""
    asked = looks_job.request_for(version)
    job = control.ask_here(asked)
    return Inputs(values=asked.inputs, job=job.id, attempt=1, actor="", folder=None, pulse=None)  # type: ignore[arg-type]


def test_a_version_has_looked_at_all_castings_before_it_is_measured(
    sample_dataset: NamedDataset, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise StoppedError("stopped")

    monkeypatch.setattr("casting_core.workflows.judging.panel.compute.compute", stop)
    job = control.ask_here(panel_job.request_for(sample_dataset, "starter"))
    with pytest.raises(StoppedError):
        do(job.id, KINDS)
    assert missing(read(model.card, Of.CASTINGS), open_dataset(sample_dataset.folder).identities) == []
