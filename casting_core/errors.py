"""The one family of errors a user may see.

    CastingError            catch this on a page or in the command line; its text is one sentence for a person
    ├── SettingsError       an environment variable or an option asks for something impossible
    ├── PhotoError          these bytes are no photo we read, and why
    ├── DatasetError        a folder that is no dataset, or a photo or split it does not have
    ├── ModelError          a model version that is unknown, damaged or foreign
    ├── AgreementError      a study of agreement that is unknown or damaged, or an answer that does not fit it
    ├── LedgerError         rows of the ledger that are not as they were written
    ├── RoleError           somebody who may not do this, or who must sign in first
    ├── RunError            a training that cannot start, was stopped with nothing to keep, or failed
    └── JobError            long work that cannot begin, be stopped, resumed or found
        └── StoppedError    somebody asked it to stop; everything is as it was before
            └── TakenError  another process has taken it up, for this one was silent for too long

The text says what, where, and what there is instead: ``no model 'v7' in model (known: v1, v2)``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NOT_UNICODE = "its name is not written in Unicode; rename it"
WANTED = {  # what pydantic objects to, by its kind
    "greater_than": "it must be greater than {gt:g}",
    "greater_than_equal": "it must be at least {ge:g}",
    "less_than": "it must be less than {lt:g}",
    "less_than_equal": "it must be at most {le:g}",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_parsing": "it must be a number",
    "finite_number": "it must be a number",
    "enum": "it must be {expected}",
    "literal_error": "it must be {expected}",
    "float_type": "it must be a number",
    "int_type": "it must be a whole number",
    "bool_type": "it must be true or false",
    "string_type": "it must be text",
    "string_too_short": "it must not be empty",
    "string_pattern_mismatch": "it must look like {pattern}",
    "tuple_type": "it must be a list",
    "too_short": "it has too few entries",
    "too_long": "it has too many entries",
    "mapping_type": "it must be a group of named values",
    "dict_type": "it must be a group of named values",
    "model_type": "it must be a group of named values",
}


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


class AgreementError(CastingError):
    """A study of agreement that is unknown or damaged, or an answer that does not fit it."""


class LedgerError(CastingError):
    """The ledger is not as it was written, and where."""


class RoleError(CastingError):
    """Whoever acts may not do this, or is nobody that is known here."""


class RunError(CastingError):
    """A training that cannot start, was stopped with nothing to keep, or failed."""


class JobError(CastingError):
    """A piece of long work that cannot begin, be stopped or resumed, or that nobody knows."""


class StoppedError(JobError):
    """Work ended early because somebody asked it to; nothing of it was kept."""


class TakenError(StoppedError):
    """Another process has taken this job up, for this one was silent for too long."""


def wanted(objection: Mapping[str, Any]) -> str:
    """What pydantic wants instead of a value, in plain words; ``objection`` is one of ``ValidationError.errors()``."""
    words = WANTED.get(objection["type"])
    return words.format(**objection.get("ctx", {})) if words else str(objection["msg"])


def require_unicode(path: Path | str) -> None:
    """Raises ``CastingError`` where a path holds bytes that are no letters: no database and no page could hold it."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = str(path).encode("utf-8", "replace").decode("utf-8")
        raise CastingError(f"{shown!r}: {NOT_UNICODE}") from error


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """Turns what a full or forbidden disk says while something is written below ``folder`` into a ``CastingError``."""
    try:
        yield
    except OSError as error:
        raise CastingError(f"{str(folder)!r} cannot be written: {error.strerror or error}") from error
