"""What the best settings are worth: trained again with other seeds, so that luck is not taken for progress."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from optuna.trial import TrialState

from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.search.studies import Study, turn
from casting_core.workflows.search.trial_store import Phase, search_of
from casting_core.workflows.search.trials import OF, Trial, trials

BEST = 3  # settings that are trained again
ENROLLED = "enrolled"
LUCK = 0.05  # how often a difference as clear as the one found would be luck, at most


@dataclass(frozen=True, kw_only=True)
class Spread:
    """One of the best settings and its values with other seeds."""

    trial: int  # its number in the search
    settings: dict[str, Any]
    in_search: float  # its value there, flattered: it was chosen for it
    values: dict[int, float]  # by seed; those that are done

    @property
    def mean(self) -> float:
        """The mean over the seeds; not a number where none is done."""
        return float(np.mean(list(self.values.values()))) if self.values else float("nan")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The best against the second, on the same castings for each seed."""

    best: int  # numbers of their trials
    second: int
    gain: float  # how much better the best is on average, in the objective's own unit; never less than 0
    least: float  # over the seeds; less than 0 where the second won
    most: float
    seeds: int
    clear: bool  # whether the seeds say that it is no luck


def enrol(study: Study) -> None:
    """Puts down the best few settings to be trained again, once."""
    seeds = search_of(study, Phase.SEEDS)
    with turn(study):
        if seeds.user_attrs.get(ENROLLED):
            return
        for seed in range(1, study.plan.seeds + 1):
            for trial in best_few(study):
                values = trial.settings | {"seed": (study.plan.recipe.seed + seed) % 2**31}
                seeds.enqueue_trial(values, user_attrs={OF: trial.number}, skip_if_exists=True)
        seeds.set_user_attr(ENROLLED, True)


def best_few(study: Study, number: int = BEST) -> list[Trial]:
    """The best trials of the search with different settings, the best first."""
    done = [trial for trial in trials(study) if trial.value is not None]
    done.sort(key=lambda trial: (-_worth(study, trial.value or 0.0), trial.number))
    different: dict[str, Trial] = {}
    for trial in done:
        different.setdefault(repr(sorted(_recipe(study, trial).model_dump().items())), trial)
    return list(different.values())[:number]


def spreads(study: Study) -> list[Spread]:
    """The best few with their values for other seeds, best mean first; those without any value last."""
    again = [trial for trial in trials(study, Phase.SEEDS) if trial.state != "lost"]
    searched = {trial.number: trial for trial in trials(study)}
    found = []
    for number in dict.fromkeys(trial.of for trial in again):
        trial = searched[int(number or 0)]
        values = {one.settings["seed"]: one.value for one in again if one.of == number and one.value is not None}
        found.append(Spread(trial=trial.number, settings=trial.settings, in_search=trial.value or 0.0, values=values))
    return sorted(found, key=lambda one: (not one.values, -_worth(study, one.mean) if one.values else 0.0))


def compare(study: Study) -> Comparison | None:
    """The best of the few against the second; ``None`` before both have two seeds in common.

    It is called clear where a one-sided paired t-test over the seeds gives less than ``LUCK``: a rule of thumb, for
    castings are held out for several seeds.
    """
    few = [one for one in spreads(study) if one.values]
    if len(few) < 2:
        return None
    best, second = few[:2]
    common = sorted(set(best.values) & set(second.values))
    if len(common) < 2:
        return None
    gains = np.array([_worth(study, best.values[seed]) - _worth(study, second.values[seed]) for seed in common])
    return Comparison(
        best=best.trial,
        second=second.trial,
        gain=max(0.0, float(gains.mean())),
        least=float(gains.min()),
        most=float(gains.max()),
        seeds=len(common),
        clear=_clear(gains),
    )


def best_recipe(study: Study, trial: int) -> Recipe:
    """The recipe of a trial of the search, by its number."""
    return _recipe(study, next(one for one in trials(study) if one.number == trial))


def waiting_seeds(study: Study) -> tuple[int, int]:
    """How many trainings with other seeds are over, and how many there are."""
    again = [trial for trial in trials(study, Phase.SEEDS) if trial.state != "lost"]
    return sum(trial.state not in ("waiting", "working") for trial in again), len(again)


def has_value(study: Study) -> bool:
    """Whether any trial of the search came to its end."""
    states = (TrialState.COMPLETE,)
    return bool(search_of(study).get_trials(deepcopy=False, states=states))


def _clear(gains: np.ndarray) -> bool:
    from scipy.stats import ttest_1samp  # which the start of the dashboard must not pay for

    if np.ptp(gains) < 1e-12:  # as alike as can be: the test divides by nothing
        return bool(gains.mean() > 1e-12)
    return bool(ttest_1samp(gains, 0.0, alternative="greater").pvalue < LUCK)


def _recipe(study: Study, trial: Trial) -> Recipe:
    return study.plan.space.recipe(study.plan.recipe, trial.settings)


def _worth(study: Study, value: float) -> float:
    """The value so that more is better."""
    return value if study.plan.objective.more_is_better else -value
