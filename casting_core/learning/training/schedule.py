"""The learning rate of the epochs, step by step."""

from casting_core.learning.networks.optimizers import Rate, warmup_cosine
from casting_core.learning.recipes.recipe import Schedule

LEVEL_FROM, LEVEL = 0.5, 0.4  # of all steps, from which a level rate stays; and that level, of its peak


def learning_rate(schedule: Schedule, *, peak: float, steps: int) -> Rate:
    """The rate for so many steps: constant, or a short warm-up and then a cosine to nothing or to a level."""
    if schedule is Schedule.CONSTANT:
        return peak
    end, level = (LEVEL_FROM, LEVEL) if schedule is Schedule.LEVEL else (1.0, 0.0)
    return warmup_cosine(start=peak / 10, peak=peak, steps=steps, end=end, level=level)
