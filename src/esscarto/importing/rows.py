"""Make rows of the directory from the lines that hold: what the file says, and what follows from it. Nothing more."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from esscarto.french import fold
from esscarto.importing.checking import Checked
from esscarto.importing.coordinates import LON
from esscarto.importing.mapping import Mapping
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.vocabulary import FAMILLES

DOCUMENT_COLUMNS = ("document", "titre", "titre_court", "producteur", "date", "annee_des_donnees", "note")
"""Columns of ``data/documents.csv``."""

_NUMBERED = re.compile(r"^\s*\d+")


@dataclass(frozen=True)
class Provenance:
    """Where a file comes from, so that each row can cite its line in it.

    Parameters
    ----------
    document : str
        Number under which the file is cited, three figures.
    title : str
        Title of the file, or its name.
    producer : str
        Who made it.
    date : str
        Its date: AAAA, AAAA-MM or AAAA-MM-JJ; "" when it is not known.
    licence : str
        Under what licence it may be used again; "" when it is not known.
    """

    document: str
    title: str
    producer: str = ""
    date: str = ""
    licence: str = ""

    def cite(self, line: int) -> str:
        """Cite a line: ``100:12``."""
        return f"{self.document}:{line}"

    def row(self) -> dict[str, str]:
        """Return the row of ``data/documents.csv`` that says what the number means."""
        producer = self.producer or "producteur non imprimé"
        licence = f" Licence : {self.licence}." if self.licence else ""
        note = f"Fichier importé dans l’annuaire.{licence}"
        said = (self.document, self.title, self.title, producer, self.date, "", note)
        return dict(zip(DOCUMENT_COLUMNS, said, strict=True))


def build_rows(
    checked: Checked, mapping: Mapping, provenance: Provenance, kept: Collection[int], known: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of the directory for the lines of ``kept``, indexed by line.

    What the file does not say follows from what it says (identifier, precision, link to the ESS of a legal
    family), or is the default that the person was shown (role, state).

    Parameters
    ----------
    checked : Checked
        The lines.
    mapping : Mapping
        For its defaults.
    provenance : Provenance
        What the rows cite.
    kept : collection of int
        Lines to make rows of.
    known : pandas.DataFrame
        The actors of the directory, whose identifiers are taken.
    """
    columns = _schema().columns
    wanted = set(kept)
    chosen = [row for row, line in enumerate(checked.lines) if line in wanted]
    table = {target: [cells[row] for row in chosen] for target in columns for cells in [checked.column(target)]}
    for target, code in mapping.defaults.items():
        table[target] = [cell or code for cell in table[target]]
    if "statut_ess" not in mapping.columns and "statut_ess" in mapping.defaults:
        # Each of these families is of the ESS by its legal form (law of 31 July 2014, article 1).
        table["statut_ess"] = [
            "statut" if family in FAMILLES else code
            for family, code in zip(table["famille"], table["statut_ess"], strict=True)
        ]
    said_sirens = checked.column("siren")
    sirens = [said_sirens[row] or siret[:9] for row, siret in zip(chosen, table["siret"], strict=True)]
    table["id"] = _identifiers(table, known)
    table["organisation"] = _organisations(table, sirens, known)
    table["precision"] = [
        said or _precision(bool(code), bool(point), address, row in checked.vague)
        for said, code, point, address, row in zip(
            table["precision"], table["code_insee"], table[LON], table["adresse"], chosen, strict=True
        )
    ]
    lines = [checked.lines[row] for row in chosen]
    table["source"] = [said or provenance.cite(line) for said, line in zip(table["source"], lines, strict=True)]
    month = provenance.date[:7]
    table["source_date"] = [said or month for said in table["source_date"]]
    return pd.DataFrame(table, columns=columns, index=pd.Index(lines, name="ligne"), dtype=str)


def build_beside(checked: Checked, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the file says beyond the directory, one row an actor, with its ``id`` first."""
    row_of = {line: row for row, line in enumerate(checked.lines)}
    places = [row_of[line] for line in rows.index]
    columns = {column: [cells[place] for place in places] for column, cells in checked.beside.items()}
    return pd.DataFrame({"id": rows["id"].tolist(), **columns}, index=rows.index, dtype=str)


def _identifiers(table: dict[str, list[str]], known: pd.DataFrame) -> list[str]:
    """Name each row after its structure, then its commune, then a number, until nobody bears that name.

    A name that the file gives is kept, unless an actor or an earlier line bears it: a person has said that they differ.
    """
    taken = set(known["id"])
    free = {said for said in table["id"] if said and said not in taken}
    taken |= free
    made = []
    for said, name, commune in zip(table["id"], table["nom"], table["commune"], strict=True):
        if said in free:
            free.remove(said)
            made.append(said)
            continue
        base = _slug(name)
        candidate = base if base not in taken else _slug(f"{name} {commune}")
        rank = 2
        while candidate in taken:
            candidate = f"{_slug(f'{name} {commune}')}-{rank}"
            rank += 1
        taken.add(candidate)
        made.append(candidate)
    return made


def _organisations(table: dict[str, list[str]], sirens: list[str], known: pd.DataFrame) -> list[str]:
    """Give the places of one SIREN the same organisation: a known one, or the first of the file."""
    owners = {siret[:9]: owner for siret, owner in zip(known["siret"], known["organisation"], strict=True) if siret}
    made = []
    for said, siren, identifier in zip(table["organisation"], sirens, table["id"], strict=True):
        made.append(said or (owners.setdefault(siren, identifier) if siren else identifier))
    return made


def _slug(text: str) -> str:
    return fold(text)[:80].strip().replace(" ", "-") or "structure"


def _precision(has_commune: bool, has_point: bool, address: str, is_vague: bool) -> str:
    """Say how precisely a row is placed: never more than the file shows."""
    if not has_commune:
        return "aucune"
    if has_point and address and not is_vague:
        return "adresse" if _NUMBERED.match(address) else "rue"
    return "commune"


def _schema() -> TableSchema:
    return read_schema(SCHEMAS / "acteurs.schema.json")
