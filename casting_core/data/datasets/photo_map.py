"""A map of photos: places in the plane, so that those that look alike are near each other."""

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.thumbnails import thumbnail

COMPONENTS = 30  # directions in which the thumbnails differ most, before they get their places
NEIGHBOURS = 30.0  # about so many photos are kept near each other (the perplexity of t-SNE)
FEW = 8  # photos; fewer are placed by their two strongest differences


def map_places(grey: Grey, *, seed: int = 0) -> NDArray[np.float64]:
    """Places for n photos of shape (n, height, width): (n, 2), by t-SNE (van der Maaten and Hinton 2008).

    What is compared are thumbnails with light and contrast taken out. The same photos and seed give the same places.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    thumbnails = np.array([thumbnail(photo) for photo in grey])
    if len(grey) < 3:
        return np.zeros((len(grey), 2)) + np.arange(len(grey))[:, np.newaxis]
    strongest = PCA(min(COMPONENTS, len(grey) - 1), random_state=seed).fit_transform(thumbnails)
    if len(grey) < FEW:
        return np.asarray(strongest[:, :2], dtype=np.float64)
    reduced = TSNE(2, perplexity=min(NEIGHBOURS, (len(grey) - 1) / 3), init="pca", random_state=seed)
    return np.asarray(reduced.fit_transform(strongest), dtype=np.float64)
