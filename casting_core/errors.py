"""The one family of errors a user may see.

    CastingError            catch this on a page or in the command line; its text is one sentence for a person
    ├── SettingsError       an environment variable or an option asks for something impossible
    ├── PhotoError          these bytes are no photo we read, and why
    ├── DatasetError        a folder that is no dataset, or a photo or split it does not have
    ├── ModelError          a model version that is unknown, damaged or foreign
    └── RunError            a training that cannot start, was stopped with nothing to keep, or failed

The text says what, where, and what there is instead: ``no model 'v7' in model (known: v1, v2)``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CastingError(Exception):
    """Something a person can understand and mend; the text is one sentence for them."""


class SettingsError(CastingError):
    """An environment variable or an option asks for something impossible."""


class PhotoError(CastingError):
    """These bytes are not a photo that can be read; the text says why, without a file name."""


class DatasetError(CastingError):
    """A folder that is not a dataset, or a part of a dataset that does not exist."""


class ModelError(CastingError):
    """A model version that is unknown, damaged or made by somebody else's program."""


class RunError(CastingError):
    """A training that cannot start, was stopped with nothing to keep, or failed."""


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """Turns what a full or forbidden disk says while something is written below ``folder`` into a ``CastingError``."""
    try:
        yield
    except OSError as error:
        raise CastingError(f"{str(folder)!r} cannot be written: {error.strerror or error}") from error
