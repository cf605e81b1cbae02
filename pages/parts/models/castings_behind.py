"""What stands behind the figures on a model's card: how many castings, and how many of them it had seen before."""

from casting_core.domain import Figures
from casting_core.wording import count, share


def words(figures: Figures, photos: str = "photo") -> str:
    """The photos of some figures on a card, the castings behind them where they are known, and what that is worth."""
    text = count(figures.photos, photos)
    if figures.whole is None:
        return text
    text += f" of {count(figures.whole.castings, 'casting')}"
    seen, new = figures.seen, figures.never_seen
    if seen is None or new is None:
        return text
    if not seen.photos:
        return f"{text}, none seen before"
    if new.accuracy is None:
        return f"{text}, all seen before"
    return (
        f"{text}; {seen.photos:,} photos show castings it has learned from, and it is right on "
        f"{share(new.accuracy)} of the other {new.photos:,}"
    )
