"""Review: what its figures are worth, in castings the model has learned from and castings it has never seen."""

import pandas as pd
import pytest
from PIL import Image, ImageFilter
from streamlit.testing.v1 import AppTest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.judging.evaluation import evaluate
from casting_core.records.decisions import Kind
from casting_core.records.version_files import LEARNED
from casting_core.records.version_folder import finish
from casting_core.settings import ROOT, settings
from casting_core.wording import count
from casting_core.workflows import stores
from casting_core.workflows.datasets import splits
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.evaluate import errors_first, score_table
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.review import correct
from casting_core.workflows.review.judgements import Judged, judge, judgements
from pages.parts.charts.score_line.picture import BIN
from pages.parts.photos import pictures
from pages.parts.photos.gallery import PER_PAGE
from pages.parts.photos.judge_form import RIGHT
from pages.parts.review import confusion, queue_filter
from tests.pages.conftest import Open
from tests.pages.test_pages import choose_cell, press, said, unescaped
from tests.patience import PATIENCE

PAGE = "pages/review.py"


def sample() -> Dataset:
    """The drawn sample as it stands now."""
    return open_dataset(settings().sample_dir)


def reviewed(app: AppTest, *, model: str, split: str) -> AppTest:
    """The page with this model on this split."""
    for key, value in (("reviewed model", model), ("reviewed split", split)):
        app.selectbox(key=key).set_value(value)
        app.run()
        assert not app.exception
    return app


def right(model: str, dataset: Dataset, split: str) -> float:
    """The share of photos that a model judges rightly, computed beside the page."""
    used = load_model(model)
    table = score_table(used.scorer, dataset.part(split))
    return evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), used.point).accuracy


def by_split(app: AppTest) -> dict[str, dict[str, object]]:
    """The table that compares the splits, by their names."""
    table = next(table.value for table in app.dataframe if "castings never seen" in table.value)
    return {str(row["split"]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


def test_what_is_behind_the_figures_is_said_to_be_unknown_as_long_as_it_is(open_page: Open) -> None:
    app = open_page(PAGE)
    assert "It is not known which of these photos show one casting" in said(app)
    assert "these figures may flatter it" in said(app)


@pytest.mark.usefixtures("known")
def test_a_model_that_does_not_say_what_it_learned_from_gets_no_praise(open_page: Open, version: str) -> None:
    folder = settings().model_dir / version
    (folder / LEARNED).unlink()
    finish(folder, stores.registry().card(version))
    app = reviewed(open_page(PAGE), model=version, split="test")
    tested = sample().part("test")["photo"].map(casting_of(sample()))
    words = (
        f"{len(tested)} photos of {tested.nunique()} castings. Which of them the model has learned from is not known."
    )
    assert words in said(app)
    assert "never seen" not in said(app)


@pytest.mark.usefixtures("known")
def test_test_photos_of_castings_kept_whole_show_none_the_model_has_learned_from(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="test")
    assert "18 photos of 9 castings, none of which the model has learned from: a score on parts never seen." in said(
        app
    )


@pytest.mark.usefixtures("known")
def test_photos_the_model_has_learned_from_are_told_from_those_it_has_not(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="all")
    data = stores.registry().card(version).data
    assert data.trained_on + data.validated_on == 42
    seen = f"**{data.trained_on} show castings the model has learned from** and "
    seen += f"{data.validated_on} show castings that chose"
    assert f"60 photos of 30 castings: {seen}" in said(app)
    never = (
        f"On the 18 photos of 9 castings never seen it is right on **{100 * right(version, sample(), 'test'):.1f} %**"
    )
    assert never in said(app)
    reviewed(app, model=version, split="train")
    assert f"42 photos of 21 castings: {seen}" in said(app)
    assert "None shows a casting it has not seen." in said(app)


@pytest.mark.usefixtures("known")
def test_the_splits_are_compared_by_what_the_model_had_seen_of_each(open_page: Open, version: str) -> None:
    splits.make_by_casting(sample(), "by casting", share=0.5, seed=1)
    splits.make_folds(sample(), "two", number=2, seed=0)
    app = reviewed(open_page(PAGE), model=version, split="by casting")
    rows = by_split(app)
    assert list(rows) == ["as the folders say", "by casting", "two/1", "two/2"]
    assert rows["as the folders say"]["castings never seen"] == "9"
    chosen = splits.choose(sample(), "by casting")
    tested = set(chosen.part("test")["photo"])
    never = tested & set(sample().part("test")["photo"])
    assert rows["by casting"]["photos"] == len(tested)
    assert rows["by casting"]["castings"] == len(tested) // 2
    assert rows["by casting"]["castings never seen"] == str(len(never) // 2)
    assert rows["by casting"]["photos right"] == f"{100 * right(version, chosen, 'test'):.1f} %"
    assert sum(int(str(rows[f"two/{fold}"]["castings never seen"])) for fold in (1, 2)) == 9
    assert {metric.label: metric.value for metric in app.metric}["Photos"] == str(len(tested))


@pytest.mark.usefixtures("known")
def test_a_casting_opened_on_review_shows_its_relatives(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="all")
    choose_cell(app, (1, 1))
    if not any(button.label == "Full size" for button in app.button):  # a model that calls every casting ok
        choose_cell(app, (1, 0))
    press(app, "Full size")
    assert not app.exception
    assert ": 1 other photo" in unescaped(app)


def test_what_the_gate_would_refuse_is_counted_and_listed(open_page: Open) -> None:
    blurred = sorted((settings().sample_dir / "test" / "ok_front").iterdir())[0]
    Image.open(blurred).filter(ImageFilter.GaussianBlur(6)).save(blurred)
    app = open_page(PAGE)
    assert "The gate would refuse 1 photo" in [one.label for one in app.expander]
    assert f"test/ok_front/{blurred.name}: The photo is blurred; focus, and hold the camera still" in unescaped(app)


# --- What is looked at, and its address -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matrix", "cell"),
    [
        ([[5, 1], [2, 7]], (1, 0)),
        ([[5, 1], [0, 7]], (0, 1)),
        ([[5, 0], [0, 7]], (1, 1)),
        ([[5, 0], [0, 0]], (0, 0)),
        ([[0, 0], [0, 0]], (1, 0)),
    ],
)
def test_the_worst_cell_that_is_not_empty_comes_first(matrix: list[list[int]], cell: tuple[int, int]) -> None:
    assert confusion.worst(matrix) == cell


def judged(model: str, split: str = "all") -> pd.DataFrame:
    """The photos of a split as a model judges them, worked out beside the page."""
    loaded = load_model(model)
    return errors_first(score_table(loaded.scorer, sample().part(split)), loaded.point)


def cell_of(table: pd.DataFrame, word: str) -> pd.DataFrame:
    truth, predicted = confusion.IN_ADDRESS[word]
    return table[(table["label"] == truth) & (table["predicted"] == predicted)]


def fullest(table: pd.DataFrame) -> str:
    """The cell with the most photos, by its word in the address."""
    return max(confusion.IN_ADDRESS, key=lambda word: len(cell_of(table, word)))


def at_address(**asked: str) -> AppTest:
    """The page, opened by a visitor who has followed a link."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page(PAGE)
    app.query_params.update(asked)
    app.run()
    assert not app.exception
    return app


def test_the_address_holds_what_is_looked_at_and_a_link_shows_the_same_to_somebody_else(
    open_page: Open, version: str
) -> None:
    table = judged(version)
    word = fullest(table)
    photos = cell_of(table, word)
    assert len(photos) > PER_PAGE, "two pages are needed"
    app = reviewed(open_page(PAGE), model=version, split="all")
    shown = next(cell for cell in confusion.IN_ADDRESS if len(cell_of(table, cell)))  # the worst comes first
    assert app.query_params["cell"] == shown
    mailed = {"dataset": "Drawn sample", "model": version, "split": "all", "cell": word, "page": "2"}
    other = at_address(**mailed)
    assert other.query_params == mailed
    assert (other.selectbox(key="reviewed model").value, other.selectbox(key="reviewed split").value) == (
        version,
        "all",
    )
    assert other.subheader[2].value == f"{confusion.TITLES[confusion.IN_ADDRESS[word]]}: {len(photos)} photos"
    assert f"Page 2 of {-(-len(photos) // PER_PAGE)}" in said(other)
    press(other, "Previous page")
    assert other.query_params["page"] == "1"
    assert len([button for button in other.button if button.label == "Full size"]) == PER_PAGE
    assert len([button for button in other.button if button.label == "Next page"]) == 2, "above and below"


def test_a_link_to_what_has_gone_says_so_and_shows_what_there_is(open_page: Open) -> None:
    open_page("dashboard.py")
    app = at_address(dataset="Lost", model="v99", split="![x](http://a)", cell="nonsense", page="-3")
    words = unescaped(app)
    assert "This link is about dataset Lost, which is not here." in words
    assert "This link is about model v99, which is not here any more." in words
    assert "![x](http" not in said(app)
    assert (app.query_params["model"], app.query_params["split"], app.query_params["page"]) == ("starter", "test", "1")
    assert at_address(page="999").query_params["page"] == app.query_params["page"]


# --- Deciding where a mistake is seen ---------------------------------------------------------------------------------


def on_card(app: AppTest, key: str, photo: str, **filled: str) -> AppTest:
    """Draws the page with the card of this photo open, and fields of the form on it filled in.

    Streamlit's harness draws the whole page at every touch, and a card is drawn only where it is opened.
    """
    app.session_state["casting"].to_open = (key, photo, False)
    for label, value in filled.items():
        fields = [*app.selectbox, *app.text_input]
        next(one for one in fields if one.label == label.replace("_", " ")).set_value(value)
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("model", ["starter", "v1"])
@pytest.mark.usefixtures("version")
def test_a_label_is_corrected_on_the_card_and_the_next_photo_comes(open_page: Open, model: str) -> None:
    table = judged(model)
    word = fullest(table)
    photos = cell_of(table, word)
    first, second = photos["photo"].iloc[0], photos["photo"].iloc[1]
    now, then = (Label(int(photos["label"].iloc[0])), Label(1 - int(photos["label"].iloc[0])))
    open_page("dashboard.py")
    app = at_address(model=model, split="all", cell=word)
    key = f"review {model} all {word}"
    on_card(app, key, first)
    action = next(box for box in app.selectbox if box.label == "What is it?")
    assert action.value is None, "no decision is offered as the usual one"
    assert "They show one casting" not in action.options, "that takes two"
    assert next(button for button in app.button if button.label == "Decide").disabled
    name = photos["path"].iloc[0].rsplit("/", 1)[-1]
    assert f"About 1 photo: {name}" in unescaped(app)
    on_card(app, key, first, **{"What_is_it?": f"Label: {then.word}", "Your_name": "Ana"})
    app.session_state["casting"].to_open = (key, first, False)
    press(app, "Decide")
    assert not app.exception
    assert sample().photos.set_index("photo")["label"][first] == then
    assert f"Decided: Label: {then.word}, {name}" in unescaped(app).replace(":small[]", "")
    assert app.subheader[2].value.endswith(f": {len(photos) - 1} photos")
    assert f"1 of {len(photos) - 1}" in said(app), "the card of the next photo is open"
    assert photos["path"].iloc[1] in unescaped(app)
    assert second in said(app)
    app.button(key="undo decision on page").click().run()
    assert not app.exception
    assert sample().photos.set_index("photo")["label"][first] == now
    assert app.subheader[2].value.endswith(f": {len(photos)} photos")


@pytest.mark.usefixtures("version")
def test_a_cell_that_a_decision_has_emptied_says_so_and_leads_to_the_next(open_page: Open) -> None:
    table = judged("v1")
    word = min(
        (word for word in confusion.IN_ADDRESS if len(cell_of(table, word))), key=lambda w: len(cell_of(table, w))
    )
    photos = cell_of(table, word)
    open_page("dashboard.py")
    app = at_address(model="v1", split="all", cell=word, page="9")
    correct.decide(sample(), Kind.LEAVE_OUT, list(photos["photo"]), who="Ana")
    app.run()
    assert not app.exception
    assert "No photo of this split is in this cell" in said(app)
    press(app, next(button.label for button in app.button if button.label.startswith("Show ")))
    assert not app.exception
    assert not app.subheader[2].value.endswith(": 0 photos")


@pytest.mark.usefixtures("version")
def test_a_page_that_has_gone_by_a_decision_is_followed_by_the_last_that_is_there(open_page: Open) -> None:
    table = judged("v1")
    word = fullest(table)
    photos = cell_of(table, word)
    open_page("dashboard.py")
    app = at_address(model="v1", split="all", cell=word, page="2")
    correct.decide(sample(), Kind.LEAVE_OUT, list(photos["photo"].iloc[PER_PAGE:]), who="Ana")
    app.run()
    assert not app.exception
    assert app.query_params["page"] == "1"
    assert len([button for button in app.button if button.label == "Full size"]) == PER_PAGE


@pytest.mark.usefixtures("version")
def test_a_photo_is_judged_on_its_card_and_the_next_one_is_there(open_page: Open) -> None:
    table = judged("v1")
    word = fullest(table)
    photos, key = cell_of(table, word), f"review v1 all {word}"
    first, second = photos["photo"].iloc[0], photos["photo"].iloc[1]
    open_page("dashboard.py")
    app = at_address(model="v1", split="all", cell=word)
    on_card(app, key, first)
    words = next(button.label for button in app.button if button.label in RIGHT.values())
    app.session_state["casting"].to_open = (key, first, False)
    press(app, words)
    assert "Say who judges: an auditor will ask" in unescaped(app)
    assert judgements(sample()) == {}
    on_card(app, key, first, Judged_by="Ana")
    app.session_state["casting"].to_open = (key, first, False)
    press(app, words)
    assert not app.exception
    ((judgement,),) = judgements(sample()).values()
    assert (judgement.photo, judgement.judged, judgement.who) == (first, Judged.LABEL_RIGHT, "Ana")
    assert any(bar.proto.text.startswith(f"1 of {len(photos)} ") for bar in app.get("progress"))
    assert second in said(app), "the card of the next photo is open"

    on_card(app, key, first)
    assert "**Ana**: label is right" in said(app)
    app.session_state["casting"].to_open = (key, first, False)
    press(app, "Undo")
    assert judgements(sample()) == {}
    assert stores.ledger().verify().number == 2


@pytest.mark.usefixtures("known", "version")
def test_photos_of_a_casting_with_a_doubtful_label_are_marked_and_come_first_where_wanted(open_page: Open) -> None:
    table = judged("v1")
    word = fullest(table)
    last = cell_of(table, word)["photo"].iloc[-1]
    open_page("dashboard.py")
    relatives = casting_of(sample())
    other = next(one for one in relatives.index[relatives == relatives[last]] if one != last)
    label = int(table.set_index("photo")["label"][other])
    correct.decide(sample(), Kind.LABEL, [other], value=Label(1 - label).word, who="Ana")
    app = at_address(model="v1", split="all", cell=word)
    assert "no label is changed by itself" in said(app)
    app.toggle(key="doubtful first").set_value(True)
    app.run()
    assert not app.exception
    tiles = [one.value for one in app.markdown if "badge" in one.value]
    doubtful = ["label doubtful" in one for one in tiles if "missed" in one or "right" in one or "false alarm" in one]
    assert doubtful[0]
    assert doubtful == sorted(doubtful, reverse=True)
    assert "Its photos are under both labels: 1 ok, 1 defective." in unescaped(app)


def test_a_link_to_a_range_of_scores_shows_those_photos_and_the_filter_can_be_taken_away(
    open_page: Open, version: str
) -> None:
    open_page(PAGE)
    table = judged(version, "test")
    word = fullest(table)
    found = cell_of(table, word)
    edge = round(float(found["score"].max() // BIN * BIN), 3)
    inside = int(queue_filter.in_range(found["score"], edge, 1.0).sum())
    assert 0 < inside < len(found), "two epochs give scores that differ"
    app = at_address(model=version, split="test", cell=word, scores=f"{edge:g}-1")
    assert f"{count(inside, 'photo')} of {len(found):,} by these filters" in said(app)
    assert app.query_params["scores"] == f"{edge:g}-1"
    press(app, "Take all filters away")
    assert "by these filters" not in said(app)
    assert "scores" not in app.query_params
    for wrong in ("1-0", "a-b", "0.5", "nan-1"):
        assert "by these filters" not in said(at_address(model=version, split="test", cell=word, scores=wrong))


def test_the_queue_is_filtered_by_who_judged_and_by_versions_that_disagree(open_page: Open, version: str) -> None:
    app = open_page(PAGE)
    photos = sample().part("test")
    judged = errors_first(score_table(load_model("starter").scorer, photos), load_model("starter").point)
    found = judged[(judged["label"] == Label.DEFECTIVE) & (judged["predicted"] == Label.DEFECTIVE)]
    app = reviewed(app, model="starter", split="test")
    choose_cell(app, (1, 1))
    judge(sample(), found["photo"].iloc[0], Judged.LABEL_RIGHT, model="starter", score=1.0, who="Ada")
    app.run()
    app.multiselect(key="queue judges").set_value(["Ada"]).run()
    assert f"1 photo of {len(found)} by these filters" in said(app)
    press(app, "Take all filters away")
    app.selectbox(key="queue other").set_value(version).run()
    assert not app.exception
    other = load_model(version)
    scored = score_table(other.scorer, found)
    differ = int(((scored["score"] >= other.point.threshold).astype(int) != found["predicted"]).sum())
    told = f"{differ} {'photo' if differ == 1 else 'photos'} of {len(found)} by these filters"
    assert (told in said(app)) == (differ < len(found))


# --- Points of curves, and queues under a name ------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
def test_a_point_of_a_curve_shows_what_is_wrong_at_its_threshold(open_page: Open, version: str) -> None:
    app = reviewed(open_page(PAGE), model=version, split="all")
    next(group for group in app.button_group if group.label == "Chart").set_value("ROC").run()
    assert not app.exception
    castings = casting_of(sample())
    table = judged(version)
    highest = float(table.loc[table["label"] == Label.DEFECTIVE, "score"].max())
    threshold = min(1.0, highest + 0.001)  # every defective casting escapes there
    app.session_state["casting"].as_if = threshold
    app.run()
    assert not app.exception
    missed = table[table["label"] == Label.DEFECTIVE]
    assert "Looked at as if the threshold were" in said(app)
    assert app.subheader[-1].value == f"Missed defects: {len(missed)} photos"
    assert float(app.query_params["at"]) == pytest.approx(threshold, rel=1e-4)
    assert castings.nunique() > 1
    press(app, "Back to what is in force")
    assert "Looked at as if" not in said(app)
    assert "at" not in app.query_params


@pytest.mark.usefixtures("known")
def test_a_queue_is_kept_opened_by_somebody_else_taken_away_and_brought_back(open_page: Open, version: str) -> None:
    table = judged(version)
    word = fullest(table)
    score = float(cell_of(table, word)["score"].median())
    low = int(score / 0.025) * 0.025
    open_page("dashboard.py")
    app = at_address(model=version, split="all", cell=word, scores=f"{low:g}-1")
    left = app.subheader[2].value, int((cell_of(table, word)["score"] >= low).sum())
    app.text_input(key="name of queue").set_value("High ones").run()
    press(app, "Keep")
    assert "Say who you are" in unescaped(app)
    app.text_input(key="who keeps a queue").set_value("Ana").run()
    press(app, "Keep")
    assert not app.exception
    other = at_address(model=version, split="test")
    press(other, "Open")
    assert not other.exception
    assert (other.query_params["split"], other.query_params["cell"]) == ("all", word)
    assert other.slider(key=queue_filter.RANGE).value == (pytest.approx(low), 1.0)
    assert other.subheader[2].value == left[0]
    press(other, "Take away")
    assert "Say who you are" in unescaped(other), "nobody has said a name there"
    other.session_state["casting"].who = "Ben"
    press(other, "Take away")
    assert "Taken away: High ones" in unescaped(other)
    press(other, "Undo")
    assert [box.value for box in other.selectbox if box.label == "Queue"] == ["High ones"]


@pytest.mark.usefixtures("known")
def test_photos_are_shown_casting_by_casting_and_one_opens_in_full_size(open_page: Open, version: str) -> None:
    table = judged(version)
    word = fullest(table)
    photos = cell_of(table, word)
    numbers = photos["photo"].map(casting_of(sample()))
    open_page("dashboard.py")
    app = at_address(model=version, split="all", cell=word)
    app.toggle(key="by casting").set_value(True).run()
    assert not app.exception
    words = said(app)
    assert f"**Casting {numbers.iloc[0]}** · {count(int((numbers == numbers.iloc[0]).sum()), 'photo')}" in words
    press(app, "Full size")
    assert not app.exception
    assert photos["path"].iloc[0] in unescaped(app)


@pytest.mark.parametrize("photos", [3, 24, 30])
def test_a_page_of_photos_covers_every_place_where_one_may_have_stood(
    photos: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a shorter page leaves behind is not always cleared, and would stand under the name of another cell."""

    def page(photos):  # type: ignore[no-untyped-def]
        import pandas as pd
        import streamlit as st

        from pages.parts.photos import gallery

        rows = [{"photo": f"{one:064}", "path": f"{one}.png", "split": "test", "label": 0} for one in range(photos)]
        with st.container(key="all"):
            gallery.show(pd.DataFrame(rows), key="a gallery")

    monkeypatch.setattr(pictures, "tile", lambda *_: "data:image/gif;base64,R0lGODlhAQABAAAAACw=")
    app = AppTest.from_function(page, args=(photos,)).run()
    assert not app.exception
    _, grid, _ = app.main.children[0].children.values()
    places = list(grid.children[0].children.values())
    shown = [place for place in places if place.type != "empty"]
    assert (len(places), len(shown)) == (24, min(24, photos))
