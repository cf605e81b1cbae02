"""What is known of the plant: the share of its castings that is defective, asked once and kept for all visitors."""

import json
from pathlib import Path

from casting_core import files
from casting_core.domain import CastingOutcomes
from casting_core.errors import SettingsError
from casting_core.judging.prevalence import at_least_truly_defective, truly_defective
from casting_core.settings import settings
from casting_core.wording import percent

NOT_ASKED = "at the plant's own defect rate these shares are others"


def defect_rate() -> float | None:
    """The share of the plant's castings that is defective, 0 to 1; ``None`` as long as nobody has said."""
    try:
        rate = json.loads(_place().read_text("utf-8"))["defect_rate"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return float(rate) if isinstance(rate, int | float) and 0 < rate < 1 else None


def keep_defect_rate(rate: float) -> None:
    """Writes it down; ``SettingsError`` where it cannot be one."""
    files.replace(_place(), json.dumps({"defect_rate": checked(rate)}) + "\n")


def checked(rate: float) -> float:
    """A defect rate that can be one; ``SettingsError`` where it lies not between 0 and 1."""
    if not 0 < rate < 1:
        raise SettingsError(f"a defect rate of {rate:g} will not do: it lies between 0 and 1, as 0.02 for 2 %")
    return rate


def meaning(outcomes: CastingOutcomes, rate: float) -> str:
    """What a reject means at this defect rate, in a sentence, with what is proven of it."""
    share = truly_defective(outcomes, rate)
    at = f"Where {percent(rate)} of castings are defective"
    if share is None:
        return f"{at}, it cannot be told how many rejects are truly defective: too few castings were counted."
    proven = percent(at_least_truly_defective(outcomes, rate))
    return f"{at}, about {percent(share)} of rejected castings are truly defective (proven: at least {proven})."


def _place() -> Path:
    return settings().data_dir / "plant.json"
