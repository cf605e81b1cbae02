"""The card on the Review page as the server sees it: what it is sent, and what becomes of what it says."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.drawing.synthetic import read_labels
from casting_core.domain import Label
from casting_core.settings import ROOT, settings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review.judgements import Judged, judgements
from pages.parts.review.card import spoken
from pages.parts.review.card.judge_each import KEY
from tests.pages.conftest import Open
from tests.patience import PATIENCE


def at_cell(cell: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=PATIENCE).switch_page("pages/review.py")
    app.query_params.update({"model": "starter", "split": "all", "cell": cell})
    app.run()
    assert not app.exception
    return app


def sent(app: AppTest) -> dict[str, Any]:
    """What the card was sent last."""
    (card,) = [one for one in app.get("bidi_component") if one.proto.component_name.endswith("review_card")]
    found: dict[str, Any] = json.loads(card.proto.json)
    return found


def tell(app: AppTest, **said: Any) -> dict[str, Any]:
    app.session_state[KEY] = {"said": said}
    app.run()
    assert not app.exception
    return sent(app)


def op(card: dict[str, Any], data: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"0000000{number}",
        "scope": data["scope"],
        "photo": card["key"],
        "judged": Judged.CANNOT_TELL.value,
        "who": "Ana",
        "label": data["label"],
        "model": "starter",
        "score": 0.25,
    } | more


@pytest.mark.usefixtures("known")
def test_one_card_for_each_casting_and_what_it_says_is_recorded_once(open_page: Open) -> None:
    open_page("dashboard.py")
    app = at_cell("found")
    data = sent(app)
    first, second = data["cards"][:2]
    assert len(first["photos"]) > 1, "photos of one casting lie on one card"
    assert {button["key"]: button["word"] for button in data["buttons"]}["1"] == "Rightly rejected"
    assert set(data["pictures"]) == {first["key"]}, "the one that is looked at comes first, and alone"
    rest = tell(app, n=1, deck=data["deck"], cards=[0, len(data["cards"])])
    assert set(rest["pictures"]) >= {card["key"] for card in data["cards"][:4]}
    near = rest["details"][first["key"]]
    assert near["heat"].startswith("data:image/png")
    assert near["sound"] in rest["pictures"]
    ops = [
        op(first, data, 1, judged=Judged.LABEL_WRONG.value, also=[one["photo"] for one in first["photos"][1:]]),
        op(second, data, 2, scope="of another dataset"),
        op(second, data, 3),
        op(second, data, 4, photo="0" * 64),
    ]
    answer = tell(app, n=2, who="Ana", deck=data["deck"], cards=[0, len(data["cards"])], ops=ops)
    assert (answer["n"], answer["acked"], list(answer["refused"])) == (2, ["00000001", "00000003"], ["00000004"])
    tell(app, n=3, who="Ana", ops=ops)
    opened = open_dataset(settings().sample_dir)
    known = judgements(opened)
    assert {photo: len(one) for photo, one in known.items()} == dict.fromkeys(
        [*(one["photo"] for one in first["photos"]), second["key"]], 1
    )
    labels = opened.photos.set_index("photo")["label"]
    assert all(labels[one["photo"]] == Label.OK for one in first["photos"])
    assert app.session_state["casting"].who == "Ana"


def test_only_what_the_browser_lacks_is_sent(open_page: Open) -> None:
    open_page("dashboard.py")
    app = at_cell("passed")
    data = sent(app)
    have = list(data["pictures"])
    again = tell(app, n=1, deck=data["deck"], place=1, cards=[0, len(data["cards"])], full=have)
    assert again["cards"] == []
    assert set(again["pictures"]).isdisjoint(have)
    other = tell(app, n=2, deck="another one", at=[data["cards"][3]["key"]], cards=[0, 99])
    assert other["place"] == 3, "the card that was looked at is found again"
    assert len(other["cards"]) == len(data["cards"])


@pytest.mark.parametrize(
    "told",
    [
        {"ops": [{"id": 1}]},
        {"ops": [{"id": "0" * 8, "photo": "../x", "judged": "cannot tell"}]},
        {"ops": [{"id": "0" * 8, "photo": "0" * 64, "judged": "nonsense"}]},
        {"ops": [{"id": "0" * 8, "photo": "0" * 64, "judged": "cannot tell", "undoes": "1" * 8}]},
        {"ops": "nonsense", "cards": [-1, "x"], "n": "x", "full": 3, "at": [4], "wish": []},
        {"ops": [None, 3, []]},
    ],
)
def test_whatever_is_sent_instead_of_judgements_is_none(told: dict[str, Any]) -> None:
    for one in told["ops"]:
        if isinstance(one, dict):
            one["scope"] = "here"
    assert spoken.asked(told, scope="here").said == ()
    assert spoken.read({"said": 3}) == spoken.read(None) == {}


def test_a_key_means_one_word_in_every_cell(open_page: Open) -> None:
    open_page("dashboard.py")
    words: dict[str, set[str]] = {}
    for cell in ("found", "passed"):
        for button in sent(at_cell(cell))["buttons"]:
            words.setdefault(button["key"], set()).add(button["judged"])
    assert words == {"1": {"label is right"}, "3": {"label is wrong"}, "4": {"cannot tell"}, "5": {"look again"}}


@pytest.mark.usefixtures("known")
def test_known_castings_are_mixed_in_without_a_word_and_their_answers_measure_the_person(open_page: Open) -> None:
    open_page("dashboard.py")
    app = at_cell("found")
    plain = sent(app)
    app.toggle(key="known castings").set_value(True).run()
    assert not app.exception
    data = sent(app)
    checks = [card for card in data["cards"] if card["check"]]
    assert data["total"] == plain["total"] + len(checks)
    assert checks
    assert {photo["path"] for card in data["cards"] for photo in card["photos"]} == {""}, "folders tell the label"
    drawn = read_labels(settings().sample_dir)
    labels = {
        photo: drawn[path] for photo, path in open_dataset(settings().sample_dir).usable[["photo", "path"]].values
    }
    right = {Label.DEFECTIVE: Judged.LABEL_RIGHT, Label.OK: Judged.LABEL_WRONG}
    ops = [op(card, data, at, check=True, judged=right[labels[card["key"]]].value) for at, card in enumerate(checks)]
    ops[0]["judged"] = Judged.CANNOT_TELL.value
    answer = tell(app, n=1, who="Ana", deck=data["deck"], cards=[0, data["total"]], ops=ops)
    assert len(answer["acked"]) == len(checks)
    told = len(checks) - 1
    assert f"{told} of {told} judged rightly. 1 left open." in answer["answered"] or not told
    assert judgements(open_dataset(settings().sample_dir)) == {}
