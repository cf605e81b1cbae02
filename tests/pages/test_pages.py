"""Every page, opened cold: what it shows, what it says where something is missing, and that it lives on."""

import json
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.settings import ROOT, settings
from casting_core.wording import count
from casting_core.workflows import stores
from casting_core.workflows.datasets.sample import SAMPLE
from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.model import Model
from casting_core.workflows.training.runs import Run, find_run, note_run
from pages.parts.caches import model_cache
from pages.parts.review import confusion
from tests.at_work import begin
from tests.pages.conftest import Open
from tests.patience import PATIENCE

PAGES = (
    "dashboard.py",
    "pages/dataset.py",
    "pages/train.py",
    "pages/tune.py",
    "pages/review.py",
    "pages/agreement.py",
    "pages/inspection.py",
    "pages/models.py",
    "pages/history.py",
)


def said(app: AppTest) -> str:
    """Everything the page says, in one text."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success]
    return "\n".join(str(part.value) for part in parts)


def at_work(name: str) -> Run:
    """A run on this dataset that works, or so its log says."""
    run = note_run(stores.dataset_book().find(name), Recipe())
    begin(run.id)
    return find_run(run.id)


def use(name: str, folder: Path) -> None:
    """Names a folder; the dataset that was named last is the one in use."""
    rule = {"ok": ["ok_front"], "defective": ["def_front"]}
    stores.dataset_book().put(NamedDataset(name=name, folder=str(folder), rule=rule))


@pytest.mark.parametrize("script", PAGES)
def test_every_page_opens_cold_from_a_bookmark(open_page: Open, script: str) -> None:
    app = open_page(script)
    assert not app.exception
    assert not app.error, said(app)
    assert len(app.title) == 1


def test_the_overview_shows_no_figure_of_another_dataset_as_if_it_were_of_this_one(open_page: Open) -> None:
    app = open_page("dashboard.py")
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Photos"] == "60"
    assert "## Not measured on your castings" in said(app)  # the starter learned from other drawn castings
    assert not {"Defective castings escaped", "Ok castings rejected"} & set(metrics)
    assert any(button.label == f"Measure starter on {SAMPLE}" for button in app.button)


def test_the_overview_ticks_off_what_the_records_say_is_done(open_page: Open, tmp_path: Path) -> None:
    app = opened_with(open_page, "dashboard.py", "Mine", drawn_folder(tmp_path / "photos"))
    assert not app.exception
    links = [link.proto for link in app.get("page_link")]
    steps = {link.label.split(" · ")[1]: link for link in links if link.label[:1].isdigit()}
    assert list(steps) == [
        "Add your photos", "Audit them", "Train on them", "Review mistakes", "Put in production", "Inspect parts"
    ]  # fmt: skip
    assert steps["Add your photos"].label.endswith("· done")
    assert steps["Audit them"].label.endswith("· next")
    assert not [step for step in list(steps)[2:] if "done" in steps[step].label]
    assert "section=Audit" in steps["Audit them"].query_string


def test_the_dataset_page_says_how_skewed_the_classes_are(open_page: Open) -> None:
    app = open_page("pages/dataset.py")
    metrics = {metric.label: metric.value for metric in app.metric}
    assert (metrics["Photos"], metrics["ok"], metrics["defective"]) == ("60", "24", "36")
    assert "1.5 times as many defective photos" in said(app)
    assert "class weights" in said(app)


def test_unreadable_files_are_listed_with_the_reason(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos")
    (folder / "ok_front" / "text.jpg").write_text("no photo")
    app = opened_with(open_page, "pages/dataset.py", "Broken", folder)
    problems = app.dataframe[-1].value
    assert list(problems["path"]) == ["ok_front/text.jpg"]
    assert "not a photo" in problems["problem"].iloc[0]


def test_a_folder_that_has_gone_is_a_sentence(open_page: Open, tmp_path: Path) -> None:
    app = opened_with(open_page, "pages/dataset.py", "Gone", tmp_path / "nowhere")
    assert not app.exception
    assert "There is no folder" in said(app)


def test_a_class_that_is_not_known_is_asked_for_and_nothing_is_guessed(open_page: Open, tmp_path: Path) -> None:
    folder = drawn_folder(tmp_path / "photos", names=("ok_front", "mystery"))
    app = opened_with(open_page, "pages/dataset.py", "Half known", folder)
    assert not app.exception
    assert "could not be told apart by name" in said(app)
    answer = next(radio for radio in app.radio if radio.label == "mystery")
    answer.set_value("defective")
    next(button for button in app.button if button.label == "Keep").click()
    app.run()
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["defective"] == "6"


def test_a_name_of_a_dataset_is_shown_and_not_obeyed(open_page: Open, tmp_path: Path) -> None:
    app = opened_with(open_page, "dashboard.py", "![x](http://example.org/a.png)", drawn_folder(tmp_path / "photos"))
    assert not app.exception
    assert "![x](http" not in said(app)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_of_a_table_is_a_formula_where_it_is_downloaded(open_page: Open, tmp_path: Path, begin: str) -> None:
    name = f"{begin}1+1"
    folder = drawn_folder(tmp_path / "photos")
    (folder / "ok_front" / "text.jpg").write_text("no photo")
    (folder / name).mkdir()
    (folder / name / "text.jpg").write_text("no photo")
    app = opened_with(open_page, "pages/dataset.py", name, folder)
    assert any(path.startswith(f"'{name}") for path in app.dataframe[-1].value["path"])
    at_work(name)
    runs = open_page("pages/train.py").dataframe[0].value
    assert list(runs["dataset"]) == [f"'{name}"]
    assert list(runs["run"]) == [1]


def test_a_photo_gets_a_verdict_and_a_black_one_gets_a_reason(
    open_page: Open, sample_folder: Path, tmp_path: Path
) -> None:
    app = open_page("pages/inspection.py")
    photo = next((sample_folder / "test" / "ok_front").iterdir())
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((300, 300), dtype=np.uint8)).save(black)
    deep = tmp_path / "deep.png"
    Image.fromarray(np.asarray(Image.open(photo).convert("L")).astype(np.uint16) * 16).save(deep)
    files = [("part.jpeg", photo.read_bytes(), "image/jpeg")]
    files += [(path.name, path.read_bytes(), "image/png") for path in (black, deep)]
    app.file_uploader[0].set_value(files)
    app.run()
    assert not app.exception
    assert "Pass" in said(app) or "Reject" in said(app)
    assert "No verdict" in said(app)
    assert "black all over" in said(app)
    assert "was not made for this part" in unescaped(app)  # beside the verdict
    assert "## Not measured on your castings" in said(app)
    assert "All its levels lie below 4,096, so its 16 bits were read as 12." in unescaped(app)
    assert any(f"**3 photos:** 2 {verdict}, 1 without a verdict" in said(app) for verdict in ("pass", "reject"))


def test_overview_says_of_photos_of_ones_own_that_nothing_is_known_of_verdicts_there(
    open_page: Open, tmp_path: Path
) -> None:
    app = opened_with(open_page, "dashboard.py", "mine", drawn_folder(tmp_path / "photos"))
    whole = "was not made for this part, and is not measured on your castings: nothing is known of its verdicts here."
    assert whole in unescaped(app)


def test_a_photo_is_judged_once_however_often_the_page_is_drawn(
    open_page: Open, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[bytes] = []

    def counted(content: bytes, used: Model) -> Finding:
        judged.append(content)
        return judge(content, used)

    monkeypatch.setattr(model_cache, "judge", counted)
    app = open_page("pages/inspection.py")
    photo = next((sample_folder / "test" / "ok_front").iterdir()).read_bytes()
    app.file_uploader[0].set_value([("first.jpeg", photo, "image/jpeg"), ("again.jpeg", photo, "image/jpeg")]).run()
    app.run()
    assert not app.exception
    assert judged == [photo]


def matrix(app: AppTest) -> dict[str, int]:
    """How many photos the confusion matrix has in each cell, as the browser is sent it."""
    data = next(one for one in app.get("bidi_component") if one.proto.component_name.endswith("matrix"))
    return {cell["title"]: cell["photos"] for cell in json.loads(data.proto.json)["cells"]}


def choose_cell(app: AppTest, cell: confusion.Cell) -> None:
    """Chooses a cell of the matrix; the button itself is pressed in tests with a browser."""
    kept = app.session_state["casting"]
    kept.cell, kept.choices = cell, kept.choices + 1
    app.run()
    assert not app.exception


def test_review_begins_with_the_worst_cell_and_the_buttons_choose_another(open_page: Open) -> None:
    app = open_page("pages/review.py")
    photos = matrix(app)
    worst = next(title for title in confusion.TITLES.values() if photos[title])
    assert app.subheader[2].value == f"{worst}: {count(photos[worst], 'photo')}"
    choose_cell(app, (0, 0))
    assert any(str(header.value).startswith("Sound castings passed") for header in app.subheader)


def opened_with(open_page: Open, script: str, name: str, folder: Path) -> AppTest:
    """A page with this folder as the dataset in use."""
    open_page("dashboard.py")  # the sample is known first
    use(name, folder)
    return open_page(script)


def drawn_folder(folder: Path, *, names: tuple[str, str] = ("ok_front", "def_front")) -> Path:
    """Class folders with six drawn grey photos each."""
    rng = np.random.default_rng(3)
    for name in names:
        (folder / name).mkdir(parents=True)
        for number in range(6):
            Image.fromarray(rng.integers(0, 255, (60, 60), dtype=np.uint8)).save(folder / name / f"{number}.png")
    return folder


def test_a_data_folder_that_cannot_be_written_is_a_sentence_on_every_page(own_installation: Path) -> None:
    own_installation.mkdir(parents=True, exist_ok=True)
    (own_installation / "data").write_text("a file where the folder should be")
    st.cache_resource.clear()
    for script in PAGES:
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page(script).run()
        assert not app.exception, script
        assert "cannot be opened" in said(app)


def test_a_dataset_that_cannot_be_used_does_not_hide_the_runs(open_page: Open, tmp_path: Path) -> None:
    open_page("dashboard.py")
    run = at_work(SAMPLE)
    app = opened_with(open_page, "pages/train.py", "Gone", tmp_path / "nowhere")
    assert not app.exception
    assert f"Run {run.id}" in said(app)
    assert "There is no folder" in said(app)


def test_files_are_listed_where_none_of_them_can_be_used(open_page: Open, tmp_path: Path) -> None:
    app = opened_with(open_page, "pages/dataset.py", "Unknown", drawn_folder(tmp_path / "photos", names=("one", "two")))
    assert not app.exception
    assert len(app.dataframe[-1].value) == 12


def test_a_production_version_that_vanished_can_be_replaced_on_the_models_page(open_page: Open) -> None:
    (settings().model_dir).mkdir(parents=True)
    (settings().model_dir / "production").write_text("v9")
    app = open_page("pages/models.py")
    assert not app.exception
    assert "No version can judge now" in unescaped(app)
    press(sign(app), "Yes, judge with starter")
    assert not app.exception
    assert stores.registry().production() == "starter"


def test_a_damaged_version_is_not_handed_out_and_the_page_lives_on(open_page: Open, version: str) -> None:
    (settings().model_dir / version / "model.keras").write_bytes(b"damaged")
    app = open_page("pages/models.py")
    assert not app.exception
    assert "is damaged: model.keras is not the file that was registered. It is not handed out" in unescaped(app)
    assert "weights" in set(app.dataframe[-1].value["setting"])
    assert not app.get("download_button")


def test_a_promotion_shows_both_versions_first_and_can_be_undone(open_page: Open, version: str) -> None:
    app = open_page("pages/models.py")
    assert [button.label for button in app.button if button.label.startswith("Yes")] == [f"Yes, judge with {version}"]
    table = next(table.value for table in app.dataframe if "starter (now)" in table.value).set_index("")
    assert list(table.columns) == ["starter (now)", version]
    card = stores.registry().card(version)
    assert table.loc["photos missed", version] == str(card.metrics["test"].missed)
    assert "They cannot be compared" in said(app)
    press(sign(app), f"Yes, judge with {version}")
    assert stores.registry().production() == version
    press(app, "Put starter back in production")  # the name is known: one click
    assert stores.registry().production() == "starter"


def test_a_version_whose_run_was_stopped_is_marked(open_page: Open, version: str) -> None:
    path = settings().model_dir / version / "card.json"
    path.write_text(path.read_text().replace('"stopped": false', '"stopped": true'))
    stores.registry().promote(version)
    table = open_page("pages/models.py").dataframe[0].value.set_index("version")
    assert table["state"].to_dict() == {version: "in production, stopped early", "starter": ""}


def press(app: AppTest, label: str) -> AppTest:
    """Clicks the button with these words."""
    next(button for button in app.button if button.label == label).click()
    return app.run()


def sign(app: AppTest, name: str = "Ana") -> AppTest:
    """Says who decides, wherever the page asks."""
    for field in app.text_input:
        if field.label == "Your name":
            field.input(name)
    return app


def unescaped(app: AppTest) -> str:
    """What the page says, without the backslashes that keep names from being obeyed."""
    return said(app).replace("\\", "")


def test_a_damaged_card_in_production_does_not_break_review(open_page: Open, version: str) -> None:
    stores.registry().promote(version)
    (settings().model_dir / version / "card.json").write_text("{")
    app = open_page("pages/review.py")
    assert not app.exception
