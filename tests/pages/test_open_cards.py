"""Which card is open where: told to the others for a minute, and of one dataset only."""

from pages.parts.caches.open_cards import ALIVE, OpenCards


def test_a_card_that_another_tab_has_open_is_told_until_it_says_nothing_for_a_minute() -> None:
    now = 0.0
    cards = OpenCards(clock=lambda: now)
    assert cards.say("tab-1", scope="a", card="x", who="Ana") == {}
    assert cards.say("tab-2", scope="a", card="y", who="Ben") == {"x": "Ana"}
    assert cards.say("tab-3", scope="b", card="x", who="") == {}, "of another dataset"
    assert cards.say("tab-1", scope="a", card="y", who="Ana") == {"y": "Ben"}, "nobody is told of their own card"
    now = ALIVE - 1
    assert cards.say("tab-1", scope="a", card="z", who="Ana") == {"y": "Ben"}
    now = ALIVE + 1
    assert cards.say("tab-2", scope="a", card="", who="Ben") == {"z": "Ana"}, "the others have gone without a word"
    assert cards.say("tab-4", scope="a", card="z", who="") == {"z": "Ana"}, "who has no card open takes none"
