"""One version has the same figures wherever they are shown, and they are those of ``evaluate --json``."""

import json

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.jobs import control
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.jobs import State
from casting_core.settings import settings
from casting_core.wording import share
from casting_core.workflows import stores
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.training.runs import note_run
from tests.pages.conftest import Open
from tests.pages.test_pages import said, unescaped
from tests.pages.test_review_page import reviewed


def evaluated(model: str) -> dict[str, object]:
    told = CliRunner().invoke(main, ["evaluate", "--data", str(settings().sample_dir), "--model", model, "--json"])
    assert told.exit_code == 0, told.output
    figures: dict[str, object] = json.loads(told.stdout)
    return figures


@pytest.mark.usefixtures("known")
def test_every_page_shows_the_figures_of_evaluate(open_page: Open, version: str) -> None:
    open_page("dashboard.py")
    stores.registry().promote(version)
    control.log().end(
        note_run(stores.dataset_book().find(SAMPLE), Recipe()).id, State.FINISHED, result={"model": version}
    )
    figures = json.loads(json.dumps(evaluated(version)))
    bad, good = figures["castings"]["defective"], figures["castings"]["ok"]
    tiles = {
        "Defective castings escaped": f"{bad['wrong']} of {bad['n']}",
        "Ok castings rejected": f"{good['wrong']} of {good['n']}",
    }
    photos = f"{share(figures['accuracy'])} of {figures['photos']} right"
    for script in ("dashboard.py", "pages/train.py", "pages/inspection.py"):
        app = open_page(script)
        assert tiles.items() <= {tile.label: tile.value for tile in app.metric}.items(), script
        assert photos in said(app), script
        assert figures["castings_rule"] in said(app), script
        assert "fewer than 10 of a class prove next to nothing" in said(app), script
    app = reviewed(open_page("pages/review.py"), model=version, split="test")
    shown = {tile.label: tile.value for tile in app.metric}
    assert tiles.items() <= shown.items()
    assert shown["Photos right"] == share(figures["accuracy"])
    assert shown["Missed photos"] == str(figures["missed"])
    assert shown["Falsely rejected photos"] == str(figures["false_alarms"])
    app = open_page("pages/models.py")
    row = app.dataframe[0].value.set_index("version").loc[version]
    assert [row["castings escaped"], row["castings rejected"]] == list(tiles.values())
    assert row["photos right"] == share(figures["accuracy"])
    assert photos in unescaped(app)
    assert f"{bad['wrong']} of {bad['n']} defective casting" in said(app)


@pytest.mark.usefixtures("known")
def test_a_model_measured_on_a_dataset_is_no_longer_called_unmeasured(open_page: Open) -> None:
    app = open_page("dashboard.py")
    assert "## Not measured on your castings" in said(app)
    figures = json.loads(json.dumps(evaluated("starter")))
    app = open_page("dashboard.py")
    assert "not measured" not in said(app)
    bad = figures["castings"]["defective"]
    assert {tile.label: tile.value for tile in app.metric}[
        "Defective castings escaped"
    ] == f"{bad['wrong']} of {bad['n']}"
    assert "These figures prove nothing" in said(app)  # nobody knows which castings the starter has seen
