"""The plan of a study: which parts, who judges them, how often; a file that is written once, and a row that says so."""

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from casting_core import files, roles
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Checked, Count, Fraction, Progress
from casting_core.errors import AgreementError
from casting_core.records.chain import Kind
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.wording import count, listed
from casting_core.workflows.agreement.choosing import castings_of, choose
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import ledger

PARTS, TRIALS, BORDERLINE = 50, 3, 0.4  # what AIAG asks for; of the borderline ones 30 to 50 %
FEWEST, MOST_PARTS, MOST_TRIALS, MOST_APPRAISERS, LONGEST = 4, 500, 10, 20, 60
NAME = re.compile(r"A[1-9]\d{0,8}")


class PlannedPart(Checked):
    """One part of a study; whoever judges sees its photo and nothing else."""

    name: str = Field(min_length=1)
    reference: int = Field(ge=0, le=1)  # the label that people agreed on, 0 ok and 1 defective
    borderline: bool
    score: Fraction  # the median of its photos, by which it was chosen
    learned: bool | None  # whether the version has learned from it; none where nobody knows
    photos: tuple[str, ...] = Field(min_length=1)  # sha256; a trial of the version takes one, and none twice
    paths: tuple[str, ...]

    @model_validator(mode="after")
    def _each_photo_once(self) -> "PlannedPart":
        if len(set(self.photos)) != len(self.photos):
            raise ValueError(f"{self.name} has the same photo twice: a version repeats itself exactly on one file")
        return self

    def photo(self, trial: int) -> str:
        """The photo that a person is shown in this trial, from 1."""
        return self.photos[(trial - 1) % len(self.photos)]


class Plan(Checked):
    """A study as it was planned."""

    study: str = Field(pattern=NAME.pattern)
    made: float  # seconds since 1970, UTC
    by: str
    dataset: str  # its folder
    model: str
    threshold: Fraction
    seed: Count
    trials: int = Field(ge=1, le=MOST_TRIALS)
    appraisers: tuple[str, ...] = Field(max_length=MOST_APPRAISERS)
    parts: tuple[PlannedPart, ...] = Field(min_length=1)

    @property
    def borderline(self) -> int:
        """How many parts lie near the operating point."""
        return sum(part.borderline for part in self.parts)


def make(
    dataset: Dataset,
    model: Model,
    *,
    appraisers: Sequence[str],
    parts: int = PARTS,
    trials: int = TRIALS,
    borderline: float = BORDERLINE,
    seed: int = 0,
    who: str,
    compared: Progress = lambda _done, _total: None,
    scored: Progress = lambda _done, _total: None,
) -> Plan:
    """Plans a study of castings of this dataset, and writes it down.

    ``borderline`` is the share of parts nearest to the operating point, 0.3 to 0.5; the others are drawn by ``seed``
    from those further away, half of each label as far as there are so many. Castings that the version has not learned
    from are taken where there are enough. Raises ``AgreementError`` where the dataset cannot give such a study.
    """
    who = roles.require(Write.PLAN, who)
    names = checked(appraisers, parts=parts, trials=trials, borderline=borderline)
    known = castings_of(dataset, model, trials=trials, seed=seed, compared=compared, scored=scored)
    chosen = choose(known, model.point, parts=parts, borderline=borderline, seed=seed)
    planned = tuple(_planned(row) for row in chosen.to_dict("records"))
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with files.held(folder / "plans.lock"):
        number = 1 + max((int(name[1:]) for name in studies()), default=0)
        plan = Plan(
            study=f"A{number}",
            made=time.time(),
            by=who.strip(),
            dataset=str(dataset.root),
            model=model.card.name,
            threshold=model.point.threshold,
            seed=seed,
            trials=trials,
            appraisers=names,
            parts=planned,
        )
        _write(plan)
    return plan


def find(study: str) -> Plan:
    """A study by its name; ``AgreementError`` where there is none, or its plan is not as it was made."""
    if not NAME.fullmatch(study) or study not in studies():
        known = listed(studies(), most=10) or "none"
        raise AgreementError(f"no study {study[:40]!r} (known: {known})")
    content = _place(study).read_bytes()
    rows = ledger().rows(kinds=[Kind.AGREEMENT], about=study)
    told = [row.values.get("sha256") for row in rows if row.values.get("step") == "plan"]
    if told != [hashlib.sha256(content).hexdigest()]:
        raise AgreementError(f"the plan of study {study} is not as it was made; plan a new one")
    try:
        return Plan.model_validate_json(content)
    except ValidationError as error:
        raise AgreementError(f"the plan of study {study} is damaged; plan a new one") from error


def studies() -> list[str]:
    """The names of all studies, in the order in which they were planned."""
    names = [path.stem for path in _folder().glob("A*.json") if NAME.fullmatch(path.stem)]
    return sorted(names, key=lambda name: int(name[1:]))


def order(plan: Plan, appraiser: str, trial: int) -> NDArray[np.int64]:
    """The places of the parts in the order of one round: fresh for each appraiser and trial, and always the same."""
    who = int.from_bytes(hashlib.sha256(appraiser.encode()).digest()[:8])
    return np.random.default_rng([plan.seed, who, trial]).permutation(len(plan.parts))


def _planned(row: Mapping[Any, Any]) -> PlannedPart:
    return PlannedPart(
        name=f"casting {row['casting']}",
        reference=int(row["label"]),
        borderline=bool(row["borderline"]),
        score=float(row["score"]),
        learned=row["learned"],
        photos=row["photos"],
        paths=row["paths"],
    )


def checked(appraisers: Sequence[str], *, parts: int, trials: int, borderline: float) -> tuple[str, ...]:
    """The names of the appraisers, where such a study can be; ``AgreementError`` where it cannot."""
    names = tuple(name.strip() for name in appraisers if name.strip())
    if len({name.casefold() for name in names}) != len(names):
        raise AgreementError("two appraisers have the same name; tell them apart")
    if not names or len(names) > MOST_APPRAISERS or max(map(len, names)) > LONGEST:
        raise AgreementError(f"name 1 to {MOST_APPRAISERS} appraisers, each in at most {LONGEST} letters")
    if any(name.casefold().startswith("model ") for name in names):
        raise AgreementError("a person cannot be called 'model ...': that is how versions are called here")
    if not FEWEST <= parts <= MOST_PARTS or not 1 <= trials <= MOST_TRIALS:
        raise AgreementError(
            f"a study has {FEWEST} to {MOST_PARTS} parts and 1 to {MOST_TRIALS} trials, not {count(parts, 'part')} "
            f"and {count(trials, 'trial')}"
        )
    if not 0.3 <= borderline <= 0.5:
        raise AgreementError(f"30 to 50 % of the parts are to be borderline, not {100 * borderline:g} %")
    return names


def _write(plan: Plan) -> None:
    content = (plan.model_dump_json(indent=1) + "\n").encode()
    told = {
        "step": "plan",
        "sha256": hashlib.sha256(content).hexdigest(),
        "dataset": plan.dataset,
        "model": plan.model,
        "parts": len(plan.parts),
        "trials": plan.trials,
        "appraisers": list(plan.appraisers),
    }
    with ledger().adding(Kind.AGREEMENT, about=plan.study, body=told, actor=plan.by):
        files.replace(_place(plan.study), content)


def _folder() -> Path:
    return settings().data_dir / "agreement"


def _place(study: str) -> Path:
    return _folder() / f"{study}.json"
