"""The ledger for people and their other programs: rows in words, as JSON, and for a spreadsheet."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from casting_core.records.chain import Entry, Kind
from casting_core.wording import spreadsheet_cell

COLUMNS = ("number", "at", "actor", "kind", "about", "reason", "body", "before", "hash")
SHORT = 12  # letters of a hash that people read


def moment_of(row: Entry) -> str:
    """When a row was written, UTC."""
    return datetime.fromtimestamp(row.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def what(row: Entry) -> str:
    """What a row tells, in a few words."""
    told = WORDS.get(row.kind)
    return row.about if told is None else told(row, row.values)


def _promotion(row: Entry, said: dict[str, Any]) -> str:
    return f"{row.about} judges" + (f", before it {said['before']}" if said.get("before") else "")


def _inspection(_row: Entry, said: dict[str, Any]) -> str:
    score = f", score {said['score']:.3f}" if isinstance(said.get("score"), float) else ""
    of = said.get("file") or (f"part {said['part']}" if said.get("part") else "")
    return f"{said.get('verdict') or 'no verdict'}{score}, by {said.get('model', '')}: {of}"


def _judgement(row: Entry, said: dict[str, Any]) -> str:
    if "undoes" in said:
        return f"judgement {said['undoes']} taken back"
    kind = f", {said['kind']}" if said.get("kind") else ""
    also = said.get("also")
    more = f" and {len(also)} more of its casting" if isinstance(also, list) and also else ""
    second = ", second opinion" if said.get("second") is True else ""
    region = ", with a region marked" if isinstance(said.get("region"), dict) else ""
    return f"{said.get('judged', '')}{second}: photo {row.about[:SHORT]}{more}, {said.get('label', '')}{kind}{region}"


def _check(row: Entry, said: dict[str, Any]) -> str:
    if "undoes" in said:
        return f"answer {said['undoes']} about a known casting taken back"
    right = "left open" if "right" not in said else "right" if said["right"] is True else "wrong"
    return (
        f"known casting mixed in, {said.get('judged', '')}: {right}; photo {row.about[:SHORT]} was shown as "
        f"{said.get('label', '')} and is {said.get('truth', '')}"
    )


def _queue(row: Entry, said: dict[str, Any]) -> str:
    return f"queue {said.get('name', '')} {said.get('step', '')}, of {row.about}"


def _decision(row: Entry, said: dict[str, Any]) -> str:
    return f"{said.get('decision', '')}, {said.get('items', 0)} photos of {row.about}"


def _operating_point(row: Entry, said: dict[str, Any]) -> str:
    upper = f" to {said['upper']}" if said.get("upper") is not None else ""
    return f"{row.about} judges at {said.get('threshold', '')}{upper}, {said.get('method', '')}"


def _opinion(row: Entry, said: dict[str, Any]) -> str:
    part = f", part {said['part']}" if said.get("part") else ""
    return (
        f"photo {row.about[:SHORT]} is {said.get('says') or 'not told'}, verdict {said.get('verdict') or 'none'}{part}"
    )


def _batch(_row: Entry, said: dict[str, Any]) -> str:
    counts = said.get("counts")
    told = counts if isinstance(counts, dict) else {}
    words = {"reject": "reject", "inspect": "inspect", "pass": "pass", "unread": "without a verdict"}
    verdicts = ", ".join(f"{told[name]} {word}" for name, word in words.items() if told.get(name))
    return f"{said.get('photos', 0)} photos by {said.get('model', '')}: {verdicts}; {said.get('name', '')}"


def _outgoing(row: Entry, said: dict[str, Any]) -> str:
    part = f", part {said['part']}" if said.get("part") else ""
    return f"passed photo {row.about[:SHORT]} is {said.get('says') or 'not told'}{part}"


def _station(row: Entry, said: dict[str, Any]) -> str:
    return f"station {row.about}: token {said.get('done', '')}"


def _usual(row: Entry, said: dict[str, Any]) -> str:
    return f"photos of {row.about} are usual as in rows {said.get('after', '')} to {said.get('upto', '')}"


def _agreement(row: Entry, said: dict[str, Any]) -> str:
    if said.get("step") == "plan":
        return f"study {row.about} planned: {said.get('parts', 0)} parts, {said.get('trials', 0)} trials"
    return f"an answer in study {row.about}, trial {said.get('trial', '')}"  # which one, nobody may see yet


def _challenge(row: Entry, said: dict[str, Any]) -> str:
    match said.get("done"):
        case "chosen":
            parts = said.get("parts")
            return (
                f"{len(parts) if isinstance(parts, list) else 0} challenge parts chosen from {said.get('dataset', '')}"
            )
        case "given up":
            return "no challenge parts any more"
        case "cleared":
            return f"station {row.about} cleared, its challenge was {said.get('was', '')}"
    told = said.get("challenge")
    word = told.get("word", "") if isinstance(told, dict) else ""
    return f"{said.get('part', '')} at station {said.get('station', '')}: {word}"


def _shadow(row: Entry, said: dict[str, Any]) -> str:
    begun = f"judges in shadow, beside {said.get('beside', '')}"
    return f"{row.about} {begun if said.get('done') == 'begun' else 'judges in shadow no more'}"


def _shadow_verdict(row: Entry, said: dict[str, Any]) -> str:
    beside = said.get("beside")
    told = beside if isinstance(beside, dict) else {}
    both = f"{said.get('verdict') or 'no verdict'}, where {told.get('model', '')} said {told.get('verdict') or 'none'}"
    return f"{said.get('model', '')} in shadow: {both}: photo {row.about[:SHORT]}"


def _status(row: Entry, said: dict[str, Any]) -> str:
    return f"{row.about} is {said.get('status', '')}"


def _deletion(row: Entry, _said: dict[str, Any]) -> str:
    return f"{row.about} deleted"


def _backup(row: Entry, said: dict[str, Any]) -> str:
    if said.get("done") == "restored":
        return f"restored from {row.about}, whose ledger ended with {str(said.get('head', ''))[:SHORT]}"
    return f"backup {row.about}: {said.get('files', 0)} files, manifest {str(said.get('manifest', ''))[:SHORT]}"


def _keeping(row: Entry, said: dict[str, Any]) -> str:
    if "removed" in said:
        return f"{said['removed']} photos of verdicts removed, as the rule says"
    if said.get("done") == "batch looked at":
        return f"batch {row.about} was looked at"
    limits = [f"{said[name]:g} {unit}" for name, unit in LIMITS.items() if isinstance(said.get(name), int | float)]
    return f"photos of verdicts: keep {said.get('keep', '')}" + (f", at most {' and '.join(limits)}" if limits else "")


def _fetch_back(_row: Entry, said: dict[str, Any]) -> str:
    between = f" from {said.get('start') or 'the first'} to {said.get('end') or 'the last'}"
    like = f", like photo {str(said['returned'])[:SHORT]}" if said.get("returned") else ""
    at = f", by {said['station']}" if said.get("station") else ""
    return f"{said.get('parts', 0)} passed parts fetched back{between}{like}{at}"


def _role(row: Entry, said: dict[str, Any]) -> str:
    if said.get("done") == "role given":
        return f"{row.about} is {said['role']} here" if said.get("role") else f"{row.about} has no role any more"
    return f"{said.get('done', '')}: {row.about}"


def _session(row: Entry, said: dict[str, Any]) -> str:
    return f"{row.about} {said.get('done', '')}"


LIMITS = {"days": "days", "gigabytes": "GB"}

WORDS: dict[str, Callable[[Entry, dict[str, Any]], str]] = {
    Kind.AGREEMENT: _agreement,
    Kind.BACKUP: _backup,
    Kind.BATCH: _batch,
    Kind.CHALLENGE: _challenge,
    Kind.CHECK: _check,
    Kind.DECISION: _decision,
    Kind.DELETION: _deletion,
    Kind.FETCH_BACK: _fetch_back,
    Kind.INSPECTION: _inspection,
    Kind.JUDGEMENT: _judgement,
    Kind.KEEPING: _keeping,
    Kind.OPERATING_POINT: _operating_point,
    Kind.OPINION: _opinion,
    Kind.OUTGOING: _outgoing,
    Kind.PROMOTION: _promotion,
    Kind.QUEUE: _queue,
    Kind.SHADOW: _shadow,
    Kind.SHADOW_VERDICT: _shadow_verdict,
    Kind.ROLE: _role,
    Kind.SESSION: _session,
    Kind.SIGNATURE: lambda row, _said: f"second signature for {row.about}",
    Kind.STATION: _station,
    Kind.USUAL: _usual,
    Kind.STATUS: _status,
}


def as_values(rows: Sequence[Entry]) -> list[dict[str, Any]]:
    """The rows as plain values, for JSON."""
    return [vars(row) | {"body": row.values} for row in rows]


def as_csv(rows: Sequence[Entry]) -> str:
    """The rows for a spreadsheet, which runs none of their cells."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow([spreadsheet_cell(str(getattr(row, name))) for name in COLUMNS])
    return written.getvalue()
