"""The command about a version's operating point: which is in force, and another one chosen and set."""

from pathlib import Path
from typing import Any

import click

from casting_core.commands.terminal import answer, as_json, data_options, folder_rule, progress, sentences
from casting_core.commands.versions.models import signed
from casting_core.data.datasets.scan import Dataset
from casting_core.errors import ModelError, SettingsError
from casting_core.judging.operating_point.castings import Counting
from casting_core.judging.operating_point.contract import Contract
from casting_core.judging.operating_point.cost import Costs
from casting_core.judging.operating_point.workload import Workload
from casting_core.records.card import ModelCard
from casting_core.wording import moment, printable
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import plant
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.judging.seen import look_for_seen
from casting_core.workflows.models import operating_point, proposals
from casting_core.workflows.models.calibration import CalibrationPhotos, calibration_photos
from casting_core.workflows.models.proposals import Proposal
from casting_core.workflows.operating_points import history, in_force
from casting_core.workflows.stores import registry

CHOICES = ("contract", "cost", "workload", "hand", "registered")


@click.command()
@click.argument("name", metavar="MODEL")
@click.option("--contract", type=float, metavar="SHARE", help="At most this share of defective castings escapes.")
@click.option("--cost", metavar="ESCAPE:FALSE_ALARM[:LOOK]", help="Least cost, with what each of these costs.")
@click.option("--workload", metavar="ESCAPES:REJECTS", help="Two thresholds: these shares go wrong at most.")
@click.option("--hand", metavar="THRESHOLD[:UPPER]", help="These thresholds, chosen by nobody's castings.")
@click.option("--registered", is_flag=True, help="The one it was registered with.")
@click.option("--confidence", type=float, default=0.95, show_default=True, help="Of a contract and of a workload.")
@click.option("--one-photo", is_flag=True, help="Of a contract: count one photo of each casting, drawn at random.")
@click.option("--defect-rate", type=float, metavar="SHARE", help="Of your castings; otherwise the one on the Overview.")
@click.option("--per-shift", type=click.IntRange(min=1), default=1000, show_default=True, help="Castings of a shift.")
@click.option("--data", type=click.Path(path_type=Path), help="The dataset to choose on; else the one it learned from.")
@click.option("--set", "put", is_flag=True, help="Put it in force, after one look at the test castings.")
@signed
@data_options
@as_json
@sentences
def point(*, name: str, data: Path | None, put: bool, who: str, why: str, as_json: bool, **asked: Any) -> None:
    """Choose where a version draws the line, on castings that chose nothing else. Without a choice: what is in force.

    It is chosen by a contract, by cost or by workload, and written into the ledger with --set.
    """
    given = [choice for choice in CHOICES if asked[choice] not in (None, False)]
    if len(given) > 1:
        raise SettingsError(f"one way at a time: --{' and --'.join(given)} were given")
    card = registry().card(name)
    if not given:
        _show(card, as_json=as_json)
        return
    if given == ["registered"]:
        if put:
            operating_point.back_to_registered(card, actor=who, reason=why)
        _show(card, as_json=as_json)
        return
    model = load_model(name)
    dataset = _dataset(card, data, asked)
    photos = None if given == ["hand"] else _photos(model, dataset)
    proposal = _proposed(given[0], photos, asked)
    told = [proposal.words]
    if proposal.point is not None:
        told.insert(0, f"Operating point {proposal.point.limits}: {proposal.point.chosen}.")
    values: dict[str, Any] = {"model": name, "method": proposal.method, "words": proposal.words, "set": False}
    values |= {"threshold": None, "upper": None, **proposal.details}
    if proposal.point is not None:
        values |= {"threshold": proposal.point.threshold, "upper": proposal.point.upper}
    if put:
        operating_point.put_in_force(name, proposal, dataset, actor=who, reason=why, report=progress("compared"))
        (now,) = history(card, newest=1)
        values |= {"set": True, "check": now.check}
        told.append(f"It is in force now, by {now.who}." + (f" On test castings: {now.check}." if now.check else ""))
    elif proposal.point is None and not as_json:
        raise ModelError(proposal.words)
    answer(values, printable("\n".join(filter(None, told))), as_json=as_json)


def _dataset(card: ModelCard, data: Path | None, asked: dict[str, Any]) -> Dataset | None:
    folder = data or (Path(card.data.folder) if card.data.folder is not None else None)
    if folder is None:
        return None
    rule = folder_rule({name: asked[name] for name in ("ok_folders", "defective_folders")})
    return open_dataset(folder, rule=rule, report=progress("read"))


def _photos(model: Model, dataset: Dataset | None) -> CalibrationPhotos:
    if dataset is None:
        raise ModelError(f"{model.card.name} does not say what it learned from; name a dataset with --data")
    castings = casting_of(dataset, report=progress("compared"))
    standing = look_for_seen(model.card, dataset, castings, report=progress("compared"))
    return calibration_photos(model, dataset, castings, standing, report=progress("scored"))


def _proposed(way: str, photos: CalibrationPhotos | None, asked: dict[str, Any]) -> Proposal:
    try:
        if way == "hand" or photos is None:
            return proposals.by_hand(*_numbers("--hand", asked["hand"], fewest=1, most=2))
        if way == "contract":
            counting = Counting.ONE_PHOTO if asked["one_photo"] else Counting.ANY_PHOTO
            wanted = Contract(share=asked["contract"], confidence=asked["confidence"])
            return proposals.by_contract(photos, wanted, counting=counting)
        if way == "cost":
            escape, alarm, *look = _numbers("--cost", asked["cost"], fewest=2, most=3)
            inspection = look[0] if look else None
            costs = Costs(escape=escape, false_alarm=alarm, inspection=inspection, defect_rate=_rate(asked))
            return proposals.by_cost(photos, costs)
        escapes, rejects = _numbers("--workload", asked["workload"], fewest=2, most=2)
        shares = Workload(escapes=escapes, false_rejects=rejects, confidence=asked["confidence"])
        rate, shift = _rate(asked), asked["per_shift"]
        return proposals.by_workload(photos, shares, defect_rate=rate, castings_per_shift=shift)
    except ValueError as error:
        raise SettingsError(f"--{way} will not do: {error}") from error


def _rate(asked: dict[str, Any]) -> float:
    rate = plant.defect_rate() if asked["defect_rate"] is None else plant.checked(asked["defect_rate"])
    if rate is None:
        raise SettingsError("say how many of your castings are defective: --defect-rate 0.02")
    return rate


def _numbers(option: str, text: str, *, fewest: int, most: int) -> list[float]:
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError as error:
        raise SettingsError(f"{option} {text!r} will not do: it takes numbers with ':' between them") from error
    if not fewest <= len(numbers) <= most:
        wanted = str(most) if fewest == most else f"{fewest} or {most}"
        raise SettingsError(f"{option} {text!r} will not do: it takes {wanted} numbers, not {len(numbers)}")
    return numbers


def _show(card: ModelCard, *, as_json: bool) -> None:
    """The point in force, and those that were set before."""
    now, known = in_force(card), history(card)
    values = [
        {"at": one.at, "who": one.who, "why": one.why, "method": one.method, "threshold": one.point.threshold}
        | {"upper": one.point.upper, "chosen": one.point.chosen, "check": one.check}
        for one in known
    ]
    told = [f"{card.name} judges at {now.limits}: {now.chosen}."]
    told += [
        f"{moment(one.at)}  {one.who}  {one.point.limits}, {one.method}"
        + (f": {one.why}" if one.why else "")
        + (f" (on test castings: {one.check})" if one.check else "")
        for one in known
    ]
    about = {"model": card.name, "threshold": now.threshold, "upper": now.upper, "chosen": now.chosen}
    answer(about | {"history": values}, printable("\n".join(told)), as_json=as_json)
