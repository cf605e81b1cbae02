"""On Inspection a person agrees with a verdict or overrules it, and it is on record."""

from pathlib import Path

from casting_core.domain import Label
from casting_core.workflows.judging.recorded import recent
from casting_core.workflows.review.opinions import opinions
from tests.pages.conftest import Open
from tests.pages.test_pages import unescaped


def test_a_verdict_is_overruled_with_part_and_kind_and_stays_so(open_page: Open, sample_folder: Path) -> None:
    app = open_page("pages/inspection.py")
    photo = next((sample_folder / "test" / "def_front").iterdir()).read_bytes()
    app.file_uploader[0].set_value([("part.jpeg", photo, "image/jpeg"), ("letter.jpeg", b"Dear", "image/jpeg")]).run()
    assert not app.exception
    (found,) = [one for one in recent(newest=2) if one.score is not None]
    buttons = [button for button in app.button if "defective" in button.label and "opinion" in str(button.key)]
    assert len(buttons) == 1  # what could not be read has no opinion to be held of it
    assert buttons[0].label == ("Agree: defective" if found.verdict == "reject" else "Overrule: defective")
    buttons[0].click().run()
    assert "an auditor will ask" in unescaped(app)
    assert opinions(found.photo) == []

    app.text_input(key="inspector").input("Ana").run()
    next(field for field in app.text_input if field.label == "Part number").input("=4711").run()
    next(button for button in app.button if button.label == buttons[0].label).click().run()
    assert not app.exception
    (one,) = opinions(found.photo)
    assert (one.who, one.label, one.data.part, one.verdict) == ("Ana", Label.DEFECTIVE, "=4711", found.verdict)
    assert "part =4711" in unescaped(app)

    next(button for button in app.button if button.label == "Add the photo to the dataset").click().run()
    assert "nothing is written there" in unescaped(app)  # the drawn sample is not ours to add to
