"""What stands behind the figures on a model's card: how many castings, and how many of them it had seen before."""

from typing import Any

from casting_core.wording import count, share


def words(figures: dict[str, Any], photos: str = "photo") -> str:
    """The photos of some figures on a card, the castings behind them where they are known, and what that is worth."""
    text = count(figures["photos"], photos)
    if "whole" not in figures:
        return text
    text += f" of {count(figures['whole']['castings'], 'casting')}"
    seen, new = figures["seen"], figures["never_seen"]
    if not seen or not seen["photos"]:
        return f"{text}, none seen before" if seen else text
    if not new["photos"]:
        return f"{text}, all seen before"
    return (
        f"{text}; {seen['photos']:,} photos show castings it has learned from, and it is right on "
        f"{share(new['accuracy'])} of the other {new['photos']:,}"
    )
