"""``python -m tests.bench.doubt``: of labels that were flipped on purpose, how many stand first in the list of doubts.

A network for each fold of castings learns from the labels as they are then, flipped ones among them, and judges
the castings that it has not seen. cleanlab ranks the same scores. Exit codes: 0 when the bar was kept, 1 when not.
"""

import os
import sys
import tempfile
from pathlib import Path

import click
import numpy as np

SHARE = 0.05  # of the castings, flipped
FIRST = 0.10  # of the list
FOUND = 0.80  # of those flipped, within it
CHEAP = {"folds": 2, "epochs": 2, "painted": 0, "compare": False, "calibrate": False}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--castings", default=100, show_default=True, type=click.IntRange(min=40))
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(min=1), help="So many times, flipped anew.")
def main(castings: int, seeds: int) -> None:
    """Flip labels of drawn castings by a seed, and look for them."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ |= {"CASTING_DATA_DIR": room, "CASTING_MODEL_DIR": room + "/model", "TF_CPP_MIN_LOG_LEVEL": "3"}
        from cleanlab.rank import order_label_issues

        from casting_core.data.drawing.synthetic import write_sample
        from casting_core.judging.label_doubt import label_doubts
        from casting_core.learning.recipes.choices import NetworkName
        from casting_core.learning.recipes.presets import recommended
        from casting_core.workflows.datasets.opening import open_dataset
        from casting_core.workflows.training.cross_validation import cross_validate
        from casting_core.workflows.training.learnable import learnable

        write_sample(Path(room, "drawn"), castings=castings, copies=1, seed=20_260_702)
        photos = open_dataset(Path(room, "drawn")).usable.reset_index(drop=True)
        truth, owners, shares = photos["label"].to_numpy(dtype=int), np.arange(castings, dtype=np.int64), []
        for seed in range(seeds):
            flipped = np.random.default_rng(seed).choice(castings, size=round(SHARE * castings), replace=False)
            given = truth.copy()
            given[flipped] = 1 - given[flipped]
            recipe = recommended(NetworkName.EVIDENCE).model_copy(update=CHEAP | {"seed": seed})
            out = cross_validate(
                learnable(photos.assign(label=given), owners), recipe, folder=Path(room, f"folds-{seed}"),
                report=lambda _event: None, should_stop=lambda: False,
            )  # fmt: skip
            scores = out.comparable(recipe)
            first = round(FIRST * castings)
            ours = {one.casting for one in label_doubts(scores, given, owners)[:first]}
            probable = np.column_stack([1 - scores, scores])
            order = order_label_issues(np.ones(castings, bool), given, probable, rank_by="normalized_margin")
            theirs = set(order[:first].tolist())
            shares.append(len(ours & set(flipped)) / len(flipped))
            click.echo(
                f"seed {seed}: of {len(flipped)} flipped labels {len(ours & set(flipped))} among the first {first} of "
                f"{castings}; by cleanlab {len(theirs & set(flipped))}"
            )
    mean = float(np.mean(shares))
    click.echo(f"{100 * mean:.0f} % of the flipped labels are in the first {100 * FIRST:.0f} % of the list")
    if mean < FOUND:
        click.echo(f"Missed: {100 * FOUND:.0f} % are wanted", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
