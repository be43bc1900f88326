"""Keep the tables that people change: whole after any accident, one writer at a time, past versions kept.

:class:`Store` is all that the rest of the program knows of it. :class:`FileStore` keeps each table as a CSV
file that a spreadsheet opens; a database can stand behind the same interface later.
"""

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import pandas as pd

from esscarto.errors import DataError
from esscarto.storage.batch import Batch, is_unfinished, recover
from esscarto.storage.locking import exclusive
from esscarto.storage.table_text import format_table, parse_table
from esscarto.storage.versions import Version, digest, file_name, list_versions, prune, read_version

Integrity = Literal["intacte", "inconnue", "modifiee"]


class ConflictError(DataError):
    """Somebody else has changed the data since they were read; nothing was written."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A table as it stood when it was read.

    Parameters
    ----------
    rows : pandas.DataFrame
        Every row, valid or not, in the order of the file; every cell text, "" when empty.
    version : str
        What names this very content; "" when the table does not exist yet.
    integrity : str
        ``intacte``: as the last save left it; ``inconnue``: never saved here; ``modifiee``: changed since by
        another program, a spreadsheet for instance.
    notice : str
        The same in French for the person in charge, "" when intact.
    """

    rows: pd.DataFrame
    version: str
    integrity: Integrity = "intacte"
    notice: str = ""


class Transaction(Protocol):
    """Reads and writes of several tables that take effect together, or not at all."""

    def read(self, table: str, columns: Sequence[str] = ()) -> Snapshot:
        """Read a table as this transaction leaves it; with ``columns``, an absent table is an empty one."""
        ...

    def write(self, table: str, rows: pd.DataFrame) -> Snapshot:
        """Replace a table when the transaction ends, and return it as it will be."""
        ...

    def restore(self, table: str, number: int) -> Snapshot:
        """Put a past version back when the transaction ends, to the byte, and return it."""
        ...


class Store(Protocol):
    """Where tables are kept."""

    def read(self, table: str, columns: Sequence[str] = ()) -> Snapshot:
        """Read a table; with ``columns``, an absent table is an empty one."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Read and write while no one else writes; an error in the block leaves everything as it was."""
        ...

    def save(self, table: str, rows: pd.DataFrame, *, seen: str) -> Snapshot:
        """Replace a whole table, unless it is no longer the version that the caller saw."""
        ...

    def versions(self, table: str) -> list[Version]:
        """List the versions that can be restored, the newest first."""
        ...

    def version(self, table: str, number: int) -> pd.DataFrame:
        """Return the rows of a past version, to look at them before it is restored."""
        ...


class FileStore:
    """The tables of a folder, each in ``<table>.csv`` with ``<table>.csv.sha256`` beside it.

    ``sha256sum -c`` reads that second file. Past versions are in ``.versions/<table>/``, the lock in ``.lock``.

    Parameters
    ----------
    folder : pathlib.Path
        The data folder.
    keep : int
        Versions kept of each table, the current one included; at least two.
    patience_s : float
        How long a writer waits for another one.
    """

    def __init__(self, folder: Path, *, keep: int = 20, patience_s: float = 10.0):
        self.files = _Files(folder.resolve())
        self.keep = max(keep, 2)
        self._patience_s = patience_s

    def read(self, table: str, columns: Sequence[str] = ()) -> Snapshot:
        """Read a table and compare it with its checksum.

        Raises
        ------
        DataError
            When the table is absent (unless ``columns`` are given), cannot be read as one, or lacks one of
            ``columns``.
        """
        found = self.files.look(table)
        if found.differs or is_unfinished(self.files.folder):
            # A save may be under way: wait for its end, or finish one that was stopped.
            with suppress(OSError), self._locked():
                found = self.files.look(table)
        return self.files.snapshot(table, columns, found)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Read and write tables under the lock of the folder.

        Raises
        ------
        ConflictError
            When another program changed a table while the block ran.
        DataError
            Full disk, read-only disk, another writer that does not end: nothing has changed.
        """
        with _in_french(), self._locked():
            under_way = _FileTransaction(self.files, self.keep)
            yield under_way
            under_way.commit()

    def save(self, table: str, rows: pd.DataFrame, *, seen: str) -> Snapshot:
        """Replace a whole table, keeping the version before it.

        Parameters
        ----------
        table : str
            Name of the table.
        rows : pandas.DataFrame
            Its new rows, every cell text.
        seen : str
            ``version`` of the snapshot from which the rows were made; "" for a new table.

        Raises
        ------
        ConflictError
            When the table is no longer the one that was seen.
        DataError
            Full disk, read-only disk, another writer that does not end: nothing has changed.
        """
        with self.transaction() as under_way:
            if digest(self.files.content(table)) != seen:
                raise ConflictError(
                    "ce tableau a été modifié depuis que vous l’avez ouvert : rien n’a été écrit",
                    f"{table}.csv",
                    "Rechargez-le, puis refaites votre modification.",
                )
            return under_way.write(table, rows)

    def versions(self, table: str) -> list[Version]:
        """List the versions kept of a table, the newest first."""
        return list_versions(self.files.versions(table), digest(self.files.content(table)))

    def version(self, table: str, number: int) -> pd.DataFrame:
        """Return the rows of a past version, every cell text.

        Raises
        ------
        DataError
            When that version is not kept or is damaged.
        """
        return parse_table(read_version(self.files.versions(table), number), f"{table}.csv, version {number}")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        folder = self.files.folder
        with exclusive(folder / ".lock", self._patience_s):
            recover(folder, *(folder / ".versions").glob("*"))
            yield


@dataclass(frozen=True)
class _Found:
    """The bytes of a table, and what its checksum file declares."""

    content: bytes | None
    declared: str | None
    rows: int | None = None

    @cached_property
    def digest(self) -> str:
        return digest(self.content)

    @property
    def differs(self) -> bool:
        return self.declared is not None and self.declared != self.digest


@dataclass(frozen=True)
class _New:
    """What a table is about to hold."""

    content: bytes
    rows: pd.DataFrame

    @cached_property
    def digest(self) -> str:
        return digest(self.content)


@dataclass(frozen=True)
class _Files:
    """Where each table of a folder stands, and how it is read."""

    folder: Path

    def table(self, table: str) -> Path:
        if not re.fullmatch("[a-z][a-z_]*", table):
            raise ValueError(f"not the name of a table: {table!r}")
        return self.folder / f"{table}.csv"

    def checksum(self, table: str) -> Path:
        return self.table(table).with_suffix(".csv.sha256")

    def versions(self, table: str) -> Path:
        return self.folder / ".versions" / self.table(table).stem

    def content(self, table: str) -> bytes | None:
        try:
            return self.table(table).read_bytes()
        except FileNotFoundError:
            return None

    def look(self, table: str) -> _Found:
        content = self.content(table)
        try:
            text = self.checksum(table).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return _Found(content, None)
        declared = re.search("^[0-9a-f]{64}", text, re.MULTILINE)
        rows = re.search("^# ([0-9]+) ", text, re.MULTILINE)
        return _Found(content, declared[0] if declared else "", int(rows[1]) if rows else None)

    def snapshot(self, table: str, columns: Sequence[str], found: _Found) -> Snapshot:
        name, content = self.table(table).name, found.content
        if content is None:
            if columns and found.declared is None:
                return Snapshot(pd.DataFrame(columns=pd.Index(columns, dtype=object), dtype=str), "")
            raise DataError("ce tableau manque", name, "Restaurez une version avec « esscarto restore ».")
        rows = parse_table(content, name)
        missing = [column for column in columns if column not in rows.columns]
        if missing:
            raise DataError(f"il manque la colonne « {missing[0]} »", name, "Restaurez une version.")
        if found.declared is None:
            notice = f"{name} n’a pas de somme de contrôle : elle sera écrite au prochain enregistrement."
            return Snapshot(rows, found.digest, "inconnue", notice)
        if found.differs:
            counts = f" : {found.rows} lignes alors, {len(rows)} maintenant" if found.rows is not None else ""
            notice = (
                f"{name} a été modifié hors de l’application depuis le dernier enregistrement{counts}. "
                "Si ce n’est pas voulu, restaurez une version."
            )
            return Snapshot(rows, found.digest, "modifiee", notice)
        return Snapshot(rows, found.digest)


class _FileTransaction:
    """What one holder of the lock has read and means to write."""

    def __init__(self, files: _Files, keep: int):
        self._files = files
        self._keep = keep
        self._seen: dict[str, str] = {}
        self._new: dict[str, _New] = {}

    def read(self, table: str, columns: Sequence[str] = ()) -> Snapshot:
        if table in self._new:
            return Snapshot(self._new[table].rows, self._new[table].digest)
        found = self._files.look(table)
        self._seen[table] = found.digest
        return self._files.snapshot(table, columns, found)

    def write(self, table: str, rows: pd.DataFrame) -> Snapshot:
        self._new[table] = _New(format_table(rows), rows)
        return self.read(table)

    def restore(self, table: str, number: int) -> Snapshot:
        content = read_version(self._files.versions(table), number)
        rows = parse_table(content, f"{self._files.table(table).name}, version {number}")
        self._new[table] = _New(content, rows)
        return self.read(table)

    def commit(self) -> None:
        """Put every table written in place, with its checksum and its versions."""
        batch, written = Batch(self._files.folder), []
        try:
            for table, new in self._new.items():
                old = self._files.look(table)
                if self._seen.get(table, old.digest) != old.digest:
                    raise ConflictError(
                        "un autre programme vient de modifier ce tableau : rien n’a été écrit",
                        f"{table}.csv",
                        "Fermez-le dans le tableur, puis recommencez.",
                    )
                if {old.digest, old.declared} != {new.digest}:
                    self._stage(batch, table, old, new)
                    written.append(table)
            batch.commit()
        except BaseException as error:
            if not batch.decided:
                batch.drop()
            elif isinstance(error, OSError):
                raise DataError(
                    "l’enregistrement n’est pas terminé : il le sera à la prochaine lecture",
                    "",
                    "Fermez les tableaux ouverts dans un tableur.",
                ) from error
            raise
        for table in written:
            prune(self._files.versions(table), self._keep)

    def _stage(self, batch: Batch, table: str, old: _Found, new: _New) -> None:
        path, folder = self._files.table(table), self._files.versions(table)
        batch.stage(path, new.content)
        summary = f"# {len(new.rows)} lignes\n{new.digest}  {path.name}\n"
        batch.stage(self._files.checksum(table), summary.encode())
        folder.mkdir(parents=True, exist_ok=True)
        latest = next(iter(list_versions(folder)), None)
        number, known = (latest.number, latest.digest) if latest else (0, "none")
        if old.content is not None and not old.digest.startswith(known):
            # What another program left is kept too, before it is replaced.
            number, known = number + 1, old.digest[:16]
            batch.stage(folder / file_name(number, _count(old.content), old.digest), old.content)
        if not new.digest.startswith(known):
            batch.stage(folder / file_name(number + 1, len(new.rows), new.digest), new.content)


def _count(content: bytes) -> int | None:
    try:
        return len(parse_table(content, ""))
    except DataError:
        return None


@contextmanager
def _in_french() -> Iterator[None]:
    """Turn what the system says of a write into words; nothing has been written by then."""
    try:
        yield
    except TimeoutError as error:
        raise DataError(
            "quelqu’un d’autre enregistre en ce moment : rien n’a été écrit", "", "Réessayez dans un instant."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            message, remedy = "le disque est plein", "Libérez de la place, puis recommencez."
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            message = "le dossier des données ne peut pas être modifié"
            remedy = "Il est en lecture seule, ou un tableau est ouvert dans un tableur."
        else:
            message, remedy = "le disque a refusé l’écriture", "Prévenez la personne qui tient le serveur."
        raise DataError(f"{message} : rien n’a été écrit", "", remedy) from error
