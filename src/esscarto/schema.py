"""What a valid table is: the published Table Schemas, read and applied with errors a person can act on."""

import difflib
import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from esscarto.errors import DataError

LIST_SEPARATOR = "|"
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Problem:
    """One cell that does not fit: line as a spreadsheet shows it, column, value, and what to do."""

    line: int
    column: str
    value: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"ligne {self.line}, colonne « {self.column} », valeur « {self.value} » : {self.message}. {self.remedy}"


@dataclass(frozen=True)
class Field:
    """One column of a table, as its Table Schema declares it."""

    name: str
    title: str
    kind: str
    required: bool
    unique: bool
    pattern: re.Pattern[str] | None
    allowed: tuple[str, ...]
    is_list: bool
    description: str = ""
    example: str = ""

    def values(self, cell: str) -> list[str]:
        """Split a cell into the values it holds: one, or several in a list column."""
        parts = cell.split(LIST_SEPARATOR) if self.is_list else [cell]
        return [part.strip() for part in parts if part.strip()]

    def fault(self, cell: str) -> tuple[str, str] | None:
        """Return what is wrong with a cell and how to mend it, or None."""
        if not cell.strip():
            return ("cette valeur est obligatoire", "Complétez-la.") if self.required else None
        if self.kind == "number" and not _is_number(cell):
            return "un nombre est attendu", "Écrivez par exemple 49.3812, avec un point."
        for value in self.values(cell) if self.is_list else [cell]:
            if self.allowed and value not in self.allowed:
                near = difflib.get_close_matches(value, self.allowed, n=1, cutoff=0.6)
                advice = (
                    f"Vouliez-vous dire « {near[0]} » ?" if near else f"Choisissez parmi : {', '.join(self.allowed)}."
                )
                return f"« {value} » n’est pas dans la liste", advice
        if self.pattern and not self.pattern.fullmatch(cell):
            advice = (
                f"Écrivez par exemple {self.example}." if self.example else f"Suivez le modèle {self.pattern.pattern}"
            )
            return "la forme n’est pas celle attendue", advice
        return None


@dataclass(frozen=True)
class TableSchema:
    """A published table: its fields in order."""

    name: str
    fields: tuple[Field, ...]

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the published order."""
        return [field.name for field in self.fields]

    def check_columns(self, frame: pd.DataFrame, where: str) -> None:
        """Refuse a table that lacks a column.

        Raises
        ------
        DataError
            With the columns that are missing.
        """
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            raise DataError(
                f"il manque la colonne {', '.join(f'« {name} »' for name in missing)}",
                where,
                f"Colonnes attendues : {', '.join(self.columns)}.",
            )

    def problems(self, frame: pd.DataFrame) -> Iterator[Problem]:
        """Yield each cell of ``frame`` (all text, "" when empty) that does not fit, line by line.

        Line 1 is the header, as a spreadsheet shows it; the index of ``frame`` counts the rows from 0.
        """
        for field in self.fields:
            cells = frame[field.name]
            # A column repeats its values: judge each distinct value once.
            faults = {cell: field.fault(cell) for cell in pd.unique(cells)}
            duplicated = cells.duplicated(keep="first") & (cells != "") if field.unique else None
            for position, cell in cells.items():
                fault = faults[cell]
                if fault:
                    yield Problem(int(position) + 2, field.name, str(cell), *fault)
                elif duplicated is not None and duplicated[position]:
                    yield Problem(
                        int(position) + 2,
                        field.name,
                        str(cell),
                        "cet identifiant est déjà pris",
                        "Donnez-en un autre.",
                    )


@functools.cache
def read_schema(path: Path) -> TableSchema:
    """Read a Table Schema file (https://specs.frictionlessdata.io/table-schema/)."""
    declared = json.loads(path.read_text(encoding="utf-8"))
    return TableSchema(declared["name"], tuple(_field(field) for field in declared["fields"]))


def _field(declared: Mapping) -> Field:
    constraints = declared.get("constraints", {})
    pattern = constraints.get("pattern")
    return Field(
        name=declared["name"],
        title=declared.get("title", declared["name"]),
        kind=declared.get("type", "string"),
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        pattern=re.compile(pattern) if pattern else None,
        allowed=tuple(constraints.get("enum", ())) or tuple(declared.get("valeurs", ())),
        is_list="separateur" in declared,
        description=declared.get("description", ""),
        example=declared.get("example", ""),
    )


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell))
