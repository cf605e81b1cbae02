"""Light as a shortcut: found where it depends on the label, and not where it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from casting_core.data.audit import light
from casting_core.data.audit.finding import Remedy, Severity
from tests.core.data.audit.photos import DEFECTIVE, castings, drawn, looks

PHOTOS = castings(ok=30, defective=30, copies=3)


def test_light_that_depends_on_the_label_is_a_shortcut() -> None:
    darker = np.where(PHOTOS["label"] == DEFECTIVE, -15.0, 0.0)
    plain = looks(PHOTOS)
    seen = replace(plain, brightness=plain.brightness + darker, background=plain.background + darker[:, None])
    for finding in (light.brightness(PHOTOS, seen), light.background(PHOTOS, seen)):
        assert (finding.severity, finding.remedy) == (Severity.SERIOUS, Remedy.LOCAL_CONTRAST)
        assert finding.figures["auc"] >= 0.9
        assert (finding.figures["ok_castings"], finding.figures["defective_castings"]) == (30, 30)
        ok, defective = finding.groups
        assert len(ok) == len(defective) == light.SHOWN
        assert all(photo.startswith("ok") for photo in ok)
        assert all(photo.startswith("defective") for photo in defective)
        assert finding.figures["ok_grey_level"] > finding.figures["defective_grey_level"] + 10


def test_light_that_does_not_is_none() -> None:
    for finding in (light.brightness(PHOTOS, looks(PHOTOS)), light.background(PHOTOS, looks(PHOTOS))):
        assert (finding.severity, finding.remedy, finding.groups) == (Severity.FINE, Remedy.NONE, ())
        assert finding.figures["auc"] < 0.65


def test_the_light_of_each_casting_is_not_learned_by_heart() -> None:
    """Every casting has its own light, the same in all its copies; by photo, a split at random would tell them all."""
    own = np.random.default_rng(1).uniform(100, 180, 2000)
    photos = castings(ok=30, defective=30, copies=20)
    level = own[photos["casting"].to_numpy()]
    seen = replace(looks(photos), background=np.tile(level, (5, 1)).T)
    assert light.background(photos, seen).figures["auc"] < 0.65


def test_a_casting_with_many_copies_counts_once() -> None:
    """One bright ok casting with a thousand copies makes brightness look telling by photo, not by casting."""
    photos = castings(ok=10, defective=10, copies=1)
    many = photos.loc[[0] * 1000]
    photos = pd.concat([photos, many], ignore_index=True)
    plain = looks(photos)
    seen = replace(plain, brightness=np.where(photos["casting"] == 0, 180.0, plain.brightness))
    found = light.brightness(photos, seen).figures
    assert found["auc"] < found["auc_by_photo"] - 0.1


def test_too_few_castings_are_said_to_be_too_few() -> None:
    photos = castings(ok=4, defective=30)
    finding = light.brightness(photos, looks(photos))
    assert not finding.answered
    assert "cannot be told from 30 defective and 4 ok castings" in finding.title


def test_drawn_castings_have_no_telling_light_and_get_it_when_one_class_is_darkened(sample_folder: Path) -> None:
    photos, seen = drawn(sample_folder)
    assert light.brightness(photos, seen).severity is Severity.FINE
    assert light.background(photos, seen).severity is Severity.FINE
    factor = np.where(photos["label"] == DEFECTIVE, 0.8, 1.0)
    dimmed = replace(seen, brightness=seen.brightness * factor, background=seen.background * factor[:, None])
    assert light.brightness(photos, dimmed).severity is Severity.SERIOUS
    assert light.background(photos, dimmed).severity is Severity.SERIOUS
