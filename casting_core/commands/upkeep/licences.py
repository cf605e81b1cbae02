"""The command that says under which licences the installed packages are."""

from importlib.metadata import Distribution, distributions

import click

from casting_core.commands.terminal import answer, as_json, sentences
from casting_core.wording import count, printable

UNKNOWN = "unknown"
CLASSIFIER = "License :: "
LONGEST = 80  # letters; some packages write the whole text where its name belongs


@click.command()
@as_json
@sentences
def licences(*, as_json: bool) -> None:
    """The installed packages, each with its version and its licence as the package itself says it."""
    found = sorted({named(one): (one.version, licence_of(one)) for one in distributions()}.items())
    rows = [{"package": name, "version": version, "licence": licence} for name, (version, licence) in found]
    unknown = [name for name, (_, licence) in found if licence == UNKNOWN]
    lines = [f"{printable(name):<32}{printable(version):<18}{printable(licence)}" for name, (version, licence) in found]
    lines.append(f"{count(len(found), 'package')}")
    if unknown:
        lines.append(f"Without a licence in what they say of themselves: {printable(', '.join(unknown))}")
    answer({"packages": rows, "unknown": unknown}, "\n".join(lines), as_json=as_json)


def named(package: Distribution) -> str:
    """The name of a package, in the form in which requirements have it."""
    return (package.metadata["Name"] or UNKNOWN).lower().replace("_", "-").replace(".", "-")


def licence_of(package: Distribution) -> str:
    """Its licence: the expression of newer packages, else the classifiers, else the field of older ones."""
    told = package.metadata
    if expression := (told["License-Expression"] or "").strip():
        return expression
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith(CLASSIFIER)]
    if named_ones := [one for one in classified if one != "OSI Approved"]:
        return ", ".join(named_ones)
    lines = (told["License"] or "").strip().splitlines()
    text = lines[0].strip() if lines else ""
    return text[:LONGEST] if text and text.upper() != "UNKNOWN" else UNKNOWN
