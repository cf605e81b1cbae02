"""What a class folder means by its name, and what is not guessed."""

import pytest

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.domain import Label
from casting_core.errors import DatasetError


@pytest.mark.parametrize("name", ["ok_front", "OK", "Ok Front", "ok-front", " good ", "Sound", "PASS"])
def test_synonyms_of_ok_are_known_in_any_case(name: str) -> None:
    assert ClassRule().label(name) is Label.OK


@pytest.mark.parametrize("name", ["def_front", "DEF", "Def-Front", "NOK", "not ok", "Bad", "scrap", "Anomaly"])
def test_synonyms_of_defective_are_known_in_any_case(name: str) -> None:
    assert ClassRule().label(name) is Label.DEFECTIVE


@pytest.mark.parametrize("name", ["", "okay-ish", "blowholes", "ok2", "unknown"])
def test_another_name_is_not_guessed(name: str) -> None:
    assert ClassRule().label(name) is None


def test_one_name_in_two_unicode_forms_is_one_name() -> None:
    rule = ClassRule().assign("Gut geprüft", Label.OK)
    assert rule.label("Gut gepru\u0308ft") is Label.OK


def test_a_person_may_say_what_a_folder_means_and_change_it() -> None:
    rule = ClassRule().assign("blowholes", Label.DEFECTIVE)
    assert rule.label("Blowholes") is Label.DEFECTIVE
    assert rule.assign("blowholes", Label.OK).label("blowholes") is Label.OK
    assert rule.assign("BLOWHOLES", None).label("blowholes") is None
    assert rule.assign("ok", None).label("ok") is None


def test_a_folder_cannot_mean_both() -> None:
    with pytest.raises(DatasetError, match="'mixed' cannot be ok and defective at once"):
        ClassRule(ok=frozenset({"mixed"}), defective=frozenset({"Mixed"}))
