"""``make bench``: what the dashboard is faster at than the usual way, and what its starter model is worth, in one run.

Exit codes: 0 when every bar was kept (a quick run holds none), 1 when one was missed, 2 when nothing can be measured.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import click

from casting_core.errors import CastingError


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="Measure on these photos instead of drawn ones.")
@click.option("--photos", default=2048, show_default=True, type=click.IntRange(min=64), help="Drawn ones to train on.")
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(min=1), help="Epochs that count.")
@click.option("--quick", is_flag=True, help="A few photos, to see that it runs; no bar is held.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
def main(data: Path | None, photos: int, repeats: int, quick: bool, as_json: bool) -> None:
    """Measure training, scoring, finding castings, the starter model and the start of the dashboard."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        # Everything is written here, and TensorFlow is silent. Both are read once, when the measuring modules come.
        os.environ |= {
            "CASTING_DATA_DIR": room,
            "CASTING_MODEL_DIR": str(Path(room, "model")),
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        try:
            missed = _measure(Path(room), data, photos=photos, repeats=repeats, quick=quick, as_json=as_json)
        except CastingError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)
    if missed and not quick:
        click.echo(f"Missed: {', '.join(missed)}", err=True)
        sys.exit(1)


def _measure(room: Path, data: Path | None, *, photos: int, repeats: int, quick: bool, as_json: bool) -> list[str]:
    """Measures, prints the report and returns the names of the bars that were missed."""
    photos, repeats, scored, castings = (128, 1, 20, 20) if quick else (photos, repeats, 60, 100)
    _tell("Starting TensorFlow")
    from tests.bench import (
        aligning,
        defects,
        first_point,
        growth,
        picture,
        race,
        report,
        scoring,
        start,
        steps,
        training,
    )
    from tests.bench.photos import draw, read
    from tests.browser.launched import launched

    _tell("Reading photos" if data else f"Drawing {photos:,} photos")
    material = read(data or draw(room / "drawn", photos=photos))
    _tell("Training in turns")
    trained = training.measure(material, repeats=repeats)
    _tell("Letting three ways race")
    raced = race.measure(room / "race", changes=race.QUICK if quick else race.AS_RECOMMENDED)
    _tell("Taking steps")
    stepped = steps.measure(material)
    _tell("Aligning parts")
    aligned = aligning.measure(photos=scored)
    _tell("Scoring in turns")
    judged = scoring.measure(material, photos=scored, repeats=repeats)
    _tell("Finding the photos of one casting among more and more")
    grown = growth.measure(room / "growing", counts=growth.QUICK if quick else growth.COUNTS)
    _tell("Looking for drawn defects")
    seen = defects.measure(room / "never-seen", castings=castings)
    _tell("Drawing curves")
    drawn = picture.measure()
    _tell("Opening the dashboard in a browser")
    with launched() as browser:
        started = start.measure(room / "dashboard", browser, starts=repeats) if browser else None
        pointed = first_point.measure(room / "fresh", browser) if browser else None
    whole = report.Report(
        photos=f"photos of {data.name or data.resolve().name}" if data else "drawn photos",
        quick=quick,
        training=trained,
        race=raced,
        steps=stepped,
        aligned=aligned,
        scoring=judged,
        growth=grown,
        defects=seen,
        picture=drawn,
        start=started,
        first_point=pointed,
    )
    click.echo(json.dumps(report.values(whole)) if as_json else report.text(whole))
    return whole.missed


def _tell(what: str) -> None:
    """What takes so long, on standard error."""
    click.echo(f"{what} ...", err=True)


if __name__ == "__main__":
    main()
