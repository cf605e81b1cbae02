"""Where the photos of a dataset lie on a map of them."""

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.workflows.stores import pixel_cache

MAPPED = 2000  # photos on a map; more take longer and are no clearer


def places(dataset: Dataset, *, most: int = MAPPED) -> pd.DataFrame:
    """Where the photos lie on a map of them, of more than ``most`` some at random: columns ``photo``, ``x``, ``y``."""
    from casting_core.data.datasets.photo_map import map_places  # scikit-learn, which the first page need not wait for

    photos = pd.Series(dataset.identities)
    some = photos if len(photos) <= most else photos.sample(most, random_state=0).sort_values()
    where = map_places(pixel_cache().take(some))
    return pd.DataFrame({"photo": some.to_numpy(), "x": where[:, 0], "y": where[:, 1]})
