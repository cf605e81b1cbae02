"""What a version is worth stands on Models: the verdict first, what it bears, the rest folded; or a button."""

import json
from pathlib import Path

import pytest

from casting_core.data.imaging.disturbances import Disturbance
from casting_core.judging.panel.stress import STEPS
from casting_core.judging.panel.verdict import verdict
from casting_core.records.jobs import Wish
from casting_core.settings import settings
from casting_core.workflows import jobs
from casting_core.workflows.judging.panel.keep import kept
from casting_core.workflows.judging.panel.panel_job import KIND
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, unescaped

PAGE = "pages/models.py"


def test_without_a_panel_there_is_a_button_that_starts_one(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "What it is worth on" in said(app)
    assert "Does it read the metal, or the lamp?" in said(app)
    app = press(app, "Measure it")
    (job,) = jobs.known(most=5)
    assert (job.kind, job.inputs["model"]) == (KIND, "starter")
    assert not app.exception
    assert all(button.label != "Measure it" for button in app.button)
    jobs.stop(job.id, Wish.STOP)


@pytest.mark.usefixtures("known")
def test_the_verdict_stands_first_and_every_figure_can_be_found(open_page: Open, panel_kept: Path) -> None:
    app, made = open_page(PAGE), kept(panel_kept)
    assert made is not None
    assert not app.exception
    told = verdict(made)
    assert told.first in [one.value.replace("\\", "") for one in (*app.success, *app.error, *app.info)]
    for words in told.others:
        assert words in unescaped(app)
    assert "That proves nothing" in said(app), "nobody knows what the starter learned from"
    assert "fewer than 10 of a class prove next to nothing" in said(app)
    charts = [chart.proto.id for chart in app.get("plotly_chart")]
    assert len([one for one in charts if "stress" in one]) == len(Disturbance)
    table = next(one.value for one in app.dataframe if "photos turned away" in one.value)
    assert len(table) == STEPS - 1 + len(Disturbance)
    assert set(table["strength"]) >= {"as taken", "60 % of the light", "a blur of 2 px"}
    assert made.background is not None and made.background.auc is not None
    assert f"AUC of {made.background.auc:.2f}" in unescaped(app)


@pytest.mark.usefixtures("known")
def test_a_damaged_panel_is_named_and_can_be_made_anew(open_page: Open, panel_kept: Path) -> None:
    panel_kept.write_text("{", "utf-8")
    app = open_page(PAGE)
    assert not app.exception
    assert f"panels/{panel_kept.name} is damaged" in unescaped(app)
    assert any(button.label == "Measure it" for button in app.button)
    assert (settings().data_dir / "panels").is_dir()


@pytest.mark.usefixtures("known")
def test_a_version_that_reads_the_lamp_is_called_that_in_red(open_page: Open, panel_kept: Path) -> None:
    values = json.loads(panel_kept.read_text("utf-8"))
    light = next(curve for curve in values["stress"] if curve["disturbance"] == Disturbance.LIGHT)
    for point in light["points"]:
        if point["strength"] == 0.6:
            point["outcomes"]["ok"] |= {"wrong": point["outcomes"]["ok"]["n"], "upper": 1.0}
    panel_kept.write_text(json.dumps(values), "utf-8")
    app = open_page(PAGE)
    told = [one.value.replace("\\", "") for one in app.error]
    assert any("It reads the lamp and not the metal: at 60 % of the light 4 of 4 ok castings" in one for one in told)
