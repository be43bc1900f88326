"""Past contents of a table, one file each: what can be restored after a mistake, ours or another program's."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError

_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"([0-9]{6,})_([0-9]{8}T[0-9]{6}Z)_([0-9]+|x)_([0-9a-f]{16})\.csv")


@dataclass(frozen=True)
class Version:
    """A past content of a table.

    Parameters
    ----------
    number : int
        Its number, from 1 on, never given twice.
    when : datetime.datetime
        When it was kept, in UTC.
    rows : int or None
        Number of rows; None when that content cannot be read as a table.
    digest : str
        First sixteen hexadecimal digits of its SHA-256.
    is_current : bool
        Whether it is what the table holds now.
    """

    number: int
    when: datetime
    rows: int | None
    digest: str
    is_current: bool = False


def digest(content: bytes | None) -> str:
    """Return the SHA-256 of a content in hexadecimal, "" when there is none."""
    return "" if content is None else hashlib.sha256(content).hexdigest()


def file_name(number: int, rows: int | None, full_digest: str) -> str:
    """Name a version kept now: ``000012_20261122T101500Z_250_0123456789abcdef.csv``."""
    count = "x" if rows is None else rows
    return f"{number:06d}_{datetime.now(UTC).strftime(_STAMP)}_{count}_{full_digest[:16]}.csv"


def list_versions(folder: Path, current: str = "") -> list[Version]:
    """List the versions of a folder, the newest first; ``current`` is the digest of the table now."""
    found, listed = False, []
    for path in sorted(folder.glob("*.csv"), key=_number, reverse=True):
        match = _NAME.fullmatch(path.name)
        if match:
            number, stamp, rows, short = match.groups()
            is_current = not found and current.startswith(short)
            found = found or is_current
            when = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            listed.append(Version(int(number), when, None if rows == "x" else int(rows), short, is_current))
    return listed


def read_version(folder: Path, number: int) -> bytes:
    """Return a past content.

    Raises
    ------
    DataError
        When that version is not kept, or its file is not what its name says.
    """
    path = next((path for path in folder.glob("*.csv") if _number(path) == number), None)
    if path is None:
        raise DataError(
            f"la version {number} n’est pas gardée",
            folder.name,
            "« esscarto versions » donne la liste de celles qui le sont.",
        )
    content = path.read_bytes()
    if not digest(content).startswith(path.stem.rpartition("_")[2]):
        raise DataError(f"la version {number} est abîmée", folder.name, "Choisissez-en une autre.")
    return content


@dataclass(frozen=True)
class Differences:
    """What putting a content in the place of another would change: keys of rows, in alphabetical order."""

    back: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


def compare(now: pd.DataFrame, then: pd.DataFrame, key: str) -> Differences:
    """Say what would change if ``then`` took the place of ``now``, row by row; ``key`` names the rows."""
    mine, theirs = (
        {row[key]: {name: cell for name, cell in row.items() if cell} for row in frame.to_dict("records")}
        for frame in (now, then)
    )
    changed = (name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])
    return Differences(
        tuple(sorted(theirs.keys() - mine.keys())), tuple(sorted(mine.keys() - theirs.keys())), tuple(sorted(changed))
    )


def prune(folder: Path, keep: int) -> None:
    """Remove all but the newest versions; what cannot be removed is left for the next time."""
    for path in sorted(folder.glob("*.csv"), key=_number, reverse=True)[keep:]:
        if _number(path):
            with suppress(OSError):
                path.unlink()


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0
