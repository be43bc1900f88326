"""Propose which column of a file is which column of the directory, by its title and by what it holds.

A person can change every line of the proposal. Columns that the directory does not have are kept beside it,
except those that hold people.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

from rapidfuzz import fuzz, process

from esscarto.errors import DataError
from esscarto.french import fold
from esscarto.importing.aliases import ALIASES, EXPORT_ONLY, OWN_PREFIX, PEOPLE
from esscarto.importing.lists import ClosedList
from esscarto.schema import TableSchema, read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.table_shape import TextTable

HELPERS = {"siren": "SIREN de l’organisation", "departement": "Département"}
"""Columns that the directory does not have, but that help to place a line or to compare it."""

DEFAULTS = {"roles": "operateur", "statut": "a_verifier", "statut_ess": "non_imprime"}
"""What is written where neither the file nor the person says it; the person is shown it, and may change it."""

_SAMPLE = 200
_FITTING = 0.5


@dataclass(frozen=True)
class Proposal:
    """What is proposed for one column of the file.

    ``target`` is "" when it is kept beside; ``how`` says why, in French; ``examples`` are some of its values.
    """

    column: str
    target: str
    how: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """Which column of the file is read for which column of the directory.

    Parameters
    ----------
    columns : dict of str to str
        Column of the directory, or helper of :data:`HELPERS` -> column of the file.
    beside : tuple of str
        Columns of the file that are kept beside the directory, as they are.
    left_out : tuple of str
        Columns of the file that hold people: they are not kept.
    defaults : dict of str to str
        Column of the directory -> code written where the file gives none.
    proposals : tuple of Proposal
        Every column of the file, in its order, with the reason.
    """

    columns: dict[str, str]
    beside: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    defaults: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    proposals: tuple[Proposal, ...] = ()

    def changed(self, target: str, column: str | None) -> "Mapping":
        """Return the mapping in which a column of the directory is read from another column, or from none."""
        columns = {known: source for known, source in self.columns.items() if known != target and source != column}
        if column:
            columns[target] = column
        read_for = {source: known for known, source in columns.items()}
        everyone = (proposal.column for proposal in self.proposals)
        left_out = tuple(name for name in everyone if _holds_people(name) and name not in read_for)
        return replace(
            self,
            columns=columns,
            left_out=left_out,
            beside=tuple(
                proposal.column
                for proposal in self.proposals
                if proposal.column not in read_for and proposal.column not in left_out
            ),
            proposals=tuple(
                proposal
                if proposal.target == read_for.get(proposal.column, "")
                else replace(proposal, target=read_for.get(proposal.column, ""), how="choisi par vous")
                for proposal in self.proposals
            ),
        )

    def with_default(self, target: str, code: str) -> "Mapping":
        """Return the mapping that writes another code where the file gives none."""
        return replace(self, defaults={**self.defaults, target: code})


def targets() -> dict[str, str]:
    """Return every column that can be read from a file, with its French title, the directory's first."""
    return {field.name: field.title for field in _schema().fields} | HELPERS


def propose(table: TextTable) -> Mapping:
    """Propose a mapping.

    Raises
    ------
    DataError
        When no column of the file can be the name of a structure.
    """
    is_export = {"id", "organisation", "nom", "statut_ess", "source"} <= set(table.columns)
    own = {column for column in table.columns if fold(column).startswith(f"{OWN_PREFIX} ")}
    columns = [column for column in table.columns if column not in own]
    chosen: dict[str, tuple[str, str]] = {}
    refused: dict[str, str] = {}
    for target, column, how in _candidates(columns, is_export):
        if target in chosen or column in [taken for taken, _ in chosen.values()]:
            continue
        if _fits(target, table.column(column)):
            chosen[target] = column, how
        else:
            refused.setdefault(column, f"ses valeurs ne sont pas celles de « {targets()[target]} »")
    if "nom" not in chosen:
        found = ", ".join(f"« {column} »" for column in columns[:12])
        raise DataError(
            "aucune colonne ne donne le nom des structures",
            table.name,
            f"Intitulez-la « nom ». Colonnes trouvées : {found}.",
        )
    source = {column: (target, how) for target, (column, how) in chosen.items()}
    left_out = tuple(column for column in columns if column not in source and _holds_people(column))
    proposals = []
    for column in columns:
        target, how = source.get(column, ("", ""))
        if column in left_out:
            how = "laissée de côté : elle peut désigner des personnes"
        elif not target:
            how = f"gardée à part : {refused[column]}" if column in refused else "gardée à part"
        proposals.append(
            Proposal(column, target, how, tuple(islice(dict.fromkeys(filter(None, table.column(column))), 3)))
        )
    return Mapping(
        columns={target: column for target, (column, _) in chosen.items()},
        beside=tuple(column for column in columns if column not in source and column not in left_out),
        left_out=left_out,
        proposals=tuple(proposals),
    )


def _candidates(columns: Iterable[str], is_export: bool) -> Iterable[tuple[str, str, str]]:
    """Yield (target, column, why), the surest first: the very name, a known one, then one spelled like it."""
    columns = list(columns)
    names = list(targets())
    for column in columns:
        if column in names and (is_export or column not in EXPORT_ONLY):
            yield column, column, "même nom"
    folded = {column: fold(column) for column in columns}
    for target, aliases in ALIASES.items():
        for alias in aliases:
            yield from ((target, column, "nom connu") for column in columns if folded[column] == alias)
    known = {alias: target for target, aliases in ALIASES.items() for alias in aliases if len(alias) > 3}
    for column in columns:
        near = process.extractOne(folded[column], list(known), scorer=fuzz.ratio, score_cutoff=85)
        if near:
            yield known[near[0]], column, f"nom proche de « {near[0]} »"


def _holds_people(column: str) -> bool:
    words = fold(column).split()
    return any(word in PEOPLE for word in words) or " ".join(words) in PEOPLE


def _fits(target: str, cells: list[str]) -> bool:
    """Whether at least half of the values that a column holds can be read for a target."""
    values = list(islice(dict.fromkeys(filter(None, cells)), _SAMPLE))
    test = _tests().get(target)
    return not values or test is None or sum(map(test, values)) >= _FITTING * len(values)


@cache
def _tests() -> dict[str, Callable[[str], bool]]:
    """Target -> whether a value has the look of it."""
    looks = {
        "nom": r".*[^\W\d].*",
        "commune": r".*[^\W\d]{2}.*",
        "code_insee": r"[0-9][0-9ABab]?[0-9]{2,3}(\.0)?",
        "code_postal": r"(F-?)?[0-9]{2} ?[0-9]{2,3}(\.0)?",
        "departement": r"[0-9]{1,3}|[0-9][ABab]|[^\W\d][^\d]+",
        "siret": r"[0-9][0-9 .,eE+\u00a0-]{8,}",
        "siren": r"[0-9][0-9 .\u00a0]{5,11}",
        "longitude": r"[+-]?[0-9]+([.,][0-9]+)?|[0-9]+ ?°.*",
        "latitude": r"[+-]?[0-9]+([.,][0-9]+)?|[0-9]+ ?°.*",
        "telephone": r"[+(]?[0-9][0-9 ./()\u00a0-]{3,}.*",
        "courriel": r".*@.*",
        "site_web": r".*\w\.\w.*",
        "statut_date": r".*[0-9]{2}.*",
        "source_date": r".*[0-9]{4}.*",
        "lieu_date": r".*[0-9]{4}.*",
    }
    tests = {target: _looks_like(re.compile(pattern, re.DOTALL)) for target, pattern in looks.items()}
    for field_ in _schema().fields:
        if field_.allowed:
            tests[field_.name] = ClosedList(field_).knows
        elif field_.pattern and field_.name not in tests:
            tests[field_.name] = _looks_like(field_.pattern)
    return tests


def _looks_like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: bool(pattern.fullmatch(value))


def _schema() -> TableSchema:
    return read_schema(SCHEMAS / "acteurs.schema.json")
