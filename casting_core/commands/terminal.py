"""How every command speaks: one sentence for a person, one JSON object for a machine, and no traceback for either."""

import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.datasets.layout.values import Aside
from casting_core.domain import Label, OperatingPoint
from casting_core.errors import CastingError, SettingsError, require_unicode
from casting_core.wording import printable

P = ParamSpec("P")
Command = Callable[..., None]

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
model_option = click.option("--model", metavar="NAME", help="A model version, as 'models list' shows them.")
threshold_option = click.option("--threshold", type=float, help="Instead of the model's own.")

set_option = click.option(
    "--set", "chosen", default="", metavar="FOLDER", help="Of several sets that lie side by side, the one to read."
)


class Plain(click.Group):
    """A group of commands that says what is wrong with a command line in one sentence, where click prints three lines.

    Exit code 2, as for everything else that was not done.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the command that was asked for, and ends the process."""
        speak_safely()
        try:
            sys.exit(super().main(*args, **kwargs | {"standalone_mode": False}) or 0)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except click.ClickException as error:
            reason = " ".join(error.format_message().split()).rstrip(".")
            say(f"Error: {printable(reason[:1].lower() + reason[1:])}; --help shows what there is", err=True)
        except click.Abort:
            say("Stopped.", err=True)
            sys.exit(130)
        sys.exit(2)


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Turns the project's own errors into one sentence and exit code 2.

    Anything else is a bug and keeps its traceback.
    """

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            _require_unicode(kwargs.values())
            command(*args, **kwargs)
        except CastingError as error:
            say(f"Error: {printable(str(error))}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            say("Stopped.", err=True)
            sys.exit(130)

    return wrapped


def speak_safely() -> None:
    """Lets letters that the terminal or a file lacks be written by their numbers, and never raise.

    Windows gives a command whose output is redirected the narrow page of its country, and a job one of its own.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors != "backslashreplace":
            stream.reconfigure(errors="backslashreplace")


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Writes a line on standard output or standard error, in the letters that it has."""
    click.echo(text, file=sys.stderr if err else sys.stdout, nl=nl)  # told none, click writes UTF-8 for ASCII


def _require_unicode(values: Iterable[Any]) -> None:
    """Raises ``CastingError`` where a name on the command line is no text; of several paths the command itself says."""
    for value in values:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) or (isinstance(one, Path) and one is value):
                require_unicode(one)


def data_options(command: Command) -> Command:
    """The options that say what class folders mean; ``folder_rule`` reads them."""
    for label in Label:
        text = f"A class folder that holds {label.word} castings, beside the names known already; may be repeated."
        option = click.option(f"--{label.word}", f"{label.word}_folders", multiple=True, metavar="FOLDER", help=text)
        command = option(command)
    return command


def set_aside(aside: Mapping[Aside, int]) -> list[dict[str, Any]]:
    """The files that are no photos of a dataset, for machines: how many, and why."""
    return [{"reason": why.value, "files": number} for why, number in aside.items()]


def sets_said(sets: Mapping[str, int], chosen: str) -> list[dict[str, Any]]:
    """The sets that lie side by side, for machines: how many photos each has, and which was read."""
    return [{"set": name, "photos": photos, "read": name == chosen} for name, photos in sets.items() if name]


def folder_rule(options: dict[str, Any], *, beside: ClassRule | None = None) -> ClassRule:
    """The known names of class folders, or those ``beside`` which they are given, and those of the command line."""
    rule = beside or ClassRule()
    for label in Label:
        for folder in options[f"{label.word}_folders"]:
            rule = rule.assign(folder, label)
    return rule


def point_by_hand(threshold: float | None) -> OperatingPoint | None:
    """The operating point a person asked for; ``SettingsError`` where there can be none."""
    try:
        return None if threshold is None else OperatingPoint(threshold=threshold, chosen="given by hand")
    except ValueError as error:
        raise SettingsError(f"--threshold {threshold} will not do: {error}") from error


def progress(done_word: str) -> Callable[[int, int], None]:
    """A line that counts, on a terminal only: a log file wants the result, not the way to it."""

    def report(done: int, total: int) -> None:
        if sys.stderr.isatty():
            say(f"\r{done} of {total} photos {done_word}", err=True, nl=done == total)

    return report


def answer(value: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Prints the result: ``value`` for machines, ``text`` for people."""
    say(json.dumps(value) if as_json else text)
