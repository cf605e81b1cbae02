"""What a person asks of an operating point, in one of four ways, and what is proposed for it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from casting_core.domain import OperatingPoint
from casting_core.errors import CastingError, SettingsError
from casting_core.judging.operating_point.castings import Counting
from casting_core.judging.operating_point.contract import Contract
from casting_core.judging.operating_point.cost import Costs
from casting_core.judging.operating_point.workload import Workload
from casting_core.workflows.judging import plant
from casting_core.workflows.models import proposals
from casting_core.workflows.models.calibration import CalibrationPhotos
from casting_core.workflows.models.proposals import Proposal
from pages.parts.operating_point import score_line
from pages.parts.shell import figures
from pages.parts.shell.text import sentence

BY_HAND = "By hand"
SURE = 95.0  # %, where nobody says otherwise
UNTOLD = 0.5  # a defect rate that nobody has told: no cost is shown by it


def show(photos: CalibrationPhotos | None, *, now: OperatingPoint, of: str) -> Proposal | None:
    """The inputs, and what follows from them; none where something is missing, which is then said.

    Without ``photos`` to choose on only a point by hand can be had; ``now`` is the one in force, ``of`` the version.
    """
    ways = [*WAYS, BY_HAND] if photos is not None else [BY_HAND]
    way = st.segmented_control("Chosen by", ways, default=ways[0], required=True, key="point way")
    try:
        if photos is None or way == BY_HAND:
            return _by_hand(photos, now, of)
        proposal = WAYS[way](photos)
    except (ValueError, CastingError) as error:
        wrong = error if isinstance(error, CastingError) else SettingsError(f"this will not do: {error}")
        st.warning(sentence(wrong), icon=":material/edit:")
        return None
    score_line.show(photos, proposal.point or now, now=now)
    return proposal


def _by_contract(photos: CalibrationPhotos) -> Proposal:
    st.caption("The threshold that keeps a promise to your customer, with as few ok castings rejected as it allows.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = st.number_input(
            "Defective castings that escape, at most, %", 0.01, 99.0, 5.0, key="contract share", width=260
        )
        sure = st.number_input("Sure, %", 50.0, 99.9, SURE, key="contract sure", width=140)
        one_photo = st.toggle(
            "One photo of a casting counts",
            key="contract one photo",
            help="Else a casting escapes if any of its photos would pass, as everywhere here. One photo: one of each "
            "casting is drawn at random, as at a line that takes one photo of each part.",
        )
    wanted = Contract(share=share / 100, confidence=sure / 100)
    return proposals.by_contract(photos, wanted, counting=Counting.ONE_PHOTO if one_photo else Counting.ANY_PHOTO)


def _by_cost(photos: CalibrationPhotos) -> Proposal:
    st.caption("The threshold that costs least at your plant's own defect rate; any currency will do.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        costs = _costs()
    return proposals.by_cost(photos, replace(costs, defect_rate=_rate()))


def _costs() -> Costs:
    """What goes wrong costs; with a defect rate that stands for one nobody has told."""
    escape = st.number_input("An escape costs", 0.01, None, 500.0, key="cost escape", width=180)
    alarm = st.number_input("A false alarm costs", 0.01, None, 10.0, key="cost alarm", width=180)
    look = st.number_input(
        "A person's look costs", 0.01, None, None, key="cost look", width=180, placeholder="nobody looks",
        help="Where a look is cheaper than going wrong, castings between two thresholds are looked at.",
    )  # fmt: skip
    figures.ask_defect_rate()
    rate = plant.defect_rate()
    return Costs(escape=escape, false_alarm=alarm, inspection=look, defect_rate=UNTOLD if rate is None else rate)


def _by_workload(photos: CalibrationPhotos) -> Proposal:
    st.caption("Two thresholds: what lies below passes, what lies above is rejected, a person looks at the rest.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        escapes = st.number_input("Defective castings that pass, at most, %", 0.01, 99.0, 5.0, key="escapes", width=240)
        rejects = st.number_input("Ok castings rejected unseen, at most, %", 0.01, 99.0, 5.0, key="rejects", width=240)
        sure = st.number_input("Sure of both, %", 50.0, 99.9, SURE, key="workload sure", width=140)
        shift = st.number_input("Castings of a shift", 1, None, 1000, key="workload shift", width=160)
        figures.ask_defect_rate()
    shares = Workload(escapes=escapes / 100, false_rejects=rejects / 100, confidence=sure / 100)
    return proposals.by_workload(photos, shares, defect_rate=_rate(), castings_per_shift=shift)


def _by_hand(photos: CalibrationPhotos | None, now: OperatingPoint, of: str) -> Proposal:
    st.caption(
        "Drag the line, move it by the arrow keys or type a threshold, and see at once what it does. No castings speak "
        "for such a point."
    )
    with st.expander("Costs and workload at your plant", icon=":material/payments:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            costs = _costs()
            shift = st.number_input("Castings of a shift", 1, None, 1000, key="hand shift", width=160)
        if plant.defect_rate() is None:
            st.caption("Say your plant's defect rate, and costs and workload follow the line, too.")
    threshold, upper = score_line.move(photos, now=now, of=of, costs=costs, castings_per_shift=shift)
    return proposals.by_hand(threshold, upper, photos=photos)


def _rate() -> float:
    rate = plant.defect_rate()
    if rate is None:
        raise SettingsError("say how many of your castings are defective, above: it decides what is worth what")
    return rate


WAYS: dict[str, Callable[[CalibrationPhotos], Proposal]] = {
    "Contract": _by_contract,
    "Cost": _by_cost,
    "Workload": _by_workload,
}
