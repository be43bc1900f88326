"""Publish a checked file: its rows, what it completes, its document and its own columns, all together or not at all.

The row that people keep always wins: a file fills the cells that it leaves empty, and changes none of the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from esscarto.editing import Addition, Correction, Edit, quoted
from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.importing.report import Report
from esscarto.importing.rows import DOCUMENT_COLUMNS
from esscarto.inert import shield
from esscarto.journal import ACTORS, record_in
from esscarto.schema import LIST_SEPARATOR
from esscarto.storage.store import ConflictError, Store
from esscarto.vocabulary import PLACED

DOCUMENTS = "documents"
BESIDE = "beside"
BESIDE_COLUMNS = ("document", "line", "actor", "column", "value")
"""What imported files say beyond the directory: one line a cell, shielded from spreadsheets (see ``inert``)."""

COMPLETED = (
    *("aliases", "famille", "types", "themes", "description", "tranche_effectif", "effectif_imprime"),
    *("siret", "telephone", "courriel", "site_web"),
)
"""Columns that a file may fill by themselves; those of the place go together."""

_COMMUNE = ("code_postal", "commune", "code_insee")
_SPOT = ("adresse", "longitude", "latitude")


@dataclass(frozen=True)
class Publication:
    """What was written.

    Parameters
    ----------
    document : str
        Number under which the file is cited.
    added, completed : int
        Actors that appeared, actors that were completed.
    changes : tuple of int
        Their numbers in the journal, which :func:`esscarto.journal.undo_all` takes.
    """

    document: str
    added: int
    completed: int
    changes: tuple[int, ...]


def completion(kept: Mapping[str, str], brought: Mapping[str, str]) -> dict[str, str]:
    """Return what a row of a file fills in an actor: column -> value, only where the actor has none.

    An address goes with its point, and both with their commune: none is taken when the two rows are elsewhere.

    Parameters
    ----------
    kept : mapping of str to str
        The actor, by column of ``data/actors.csv``.
    brought : mapping of str to str
        The row of the file, by the same columns.
    """
    columns = list(COMPLETED)
    if kept.get("code_insee", "") in ("", brought.get("code_insee", "")):
        columns += _COMMUNE
        said, mine = brought.get("adresse", ""), kept.get("adresse", "")
        if fold(said) == fold(mine) or not any(kept.get(column) for column in _SPOT):
            columns += _SPOT
    filled = {column: brought[column] for column in columns if brought.get(column) and not kept.get(column)}
    if kept.get("statut_ess") == "non_imprime" != brought.get("statut_ess", "non_imprime"):
        filled["statut_ess"] = brought["statut_ess"]
    if filled.keys() & {"code_insee", "longitude"} and brought.get("precision", "") in PLACED:
        places = [*PLACED, kept.get("precision", "")]
        if places.index(brought["precision"]) < places.index(kept.get("precision", "")):
            filled["precision"] = brought["precision"]
    return filled


def publish(store: Store, report: Report, *, role: str, now: datetime | None = None) -> Publication:
    """Write what a report has settled, and record it in the journal: all of it, or nothing.

    Parameters
    ----------
    store : Store
        Where the directory is kept.
    report : Report
        The check; its lines that wait are left in it.
    role : str
        A key of ``journal.EDITORS``.
    now : datetime.datetime, optional
        With its time zone; the clock of the machine when not given.

    Raises
    ------
    ConflictError
        When another file took the same number, or somebody changed an actor that is completed.
    EditError
        When a row does not hold, with its line.
    DataError
        When there is nothing to publish, or the store cannot be written.
    """
    document = report.provenance.document
    with store.transaction() as under_way:
        documents = under_way.read(DOCUMENTS, DOCUMENT_COLUMNS).rows
        if (documents["document"] == document).any():
            raise ConflictError(
                "un autre fichier vient d’être importé : rien n’a été écrit", "", "Vérifiez à nouveau, puis publiez."
            )
        edits = [*_additions(report), *_corrections(report, under_way.read(ACTORS).rows)]
        if not edits:
            raise DataError("aucune ligne n’est prête à être publiée", report.table.name)
        reason = f"import de {quoted(report.table.name, 150)}, {quoted(report.provenance.title, 200)}"
        done = record_in(under_way, edits, role=role, reason=reason, now=now)
        row = dict.fromkeys(documents.columns, "") | report.provenance.row()
        under_way.write(DOCUMENTS, _with(documents, [row]))
        if beside := list(_beside(report)):
            under_way.write(BESIDE, _with(under_way.read(BESIDE, BESIDE_COLUMNS).rows, beside))
    added = sum(change.kind == "ajout" for change in done)
    return Publication(document, added, len(done) - added, tuple(change.number for change in done))


def _additions(report: Report) -> Iterator[Edit]:
    for row in report.rows.to_dict("records"):
        yield Addition({str(column): value for column, value in row.items() if value})


def _corrections(report: Report, actors: pd.DataFrame) -> Iterator[Edit]:
    """Yield one correction an actor, with what each line fills after the others."""
    wanted = actors[actors["id"].isin(set(report.completions["id"]))]
    known = {row["id"]: row for row in wanted.to_dict("records")}
    cited: dict[str, list[str]] = {}
    completed = {actor: dict(row) for actor, row in known.items()}
    for row in report.completions.to_dict("records"):
        actor = row["id"]
        if actor not in known:
            raise ConflictError(f"l’acteur {quoted(actor)} n’est plus dans l’annuaire", "", "Vérifiez à nouveau.")
        if filled := completion(completed[actor], row):
            completed[actor] |= filled
            cited.setdefault(actor, known[actor]["source"].split(LIST_SEPARATOR)).append(row["source"])
    for actor, sources in cited.items():
        completed[actor]["source"] = LIST_SEPARATOR.join(dict.fromkeys(filter(None, sources)))
        before = known[actor]
        after = {column: value for column, value in completed[actor].items() if value != before[column]}
        yield Correction(actor, before, after)


def _beside(report: Report) -> Iterator[dict[str, str]]:
    for line, cells in zip(report.beside.index, report.beside.to_dict("records"), strict=True):
        actor = cells.pop("id")
        for column, value in cells.items():
            if value:
                said = (report.provenance.document, str(line), actor, shield(str(column)), shield(value))
                yield dict(zip(BESIDE_COLUMNS, said, strict=True))


def _with(table: pd.DataFrame, rows: list[dict[str, str]]) -> pd.DataFrame:
    more = pd.DataFrame(rows, columns=table.columns, dtype=str)
    return pd.concat([table, more], ignore_index=True)
