"""Compare the lines of a file with one another and with the directory: what could be twice is shown side by side.

Nothing is merged: a line that looks like another waits until a person says what it is.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from esscarto.french import fold, number
from esscarto.importing.checking import Checked
from esscarto.importing.identifiers import is_siret
from esscarto.schema import LIST_SEPARATOR

ALIKE = 88
"""Similarity of two names, of 100, from which they may be one in the same commune."""
SAME_NAME = 95
"""The same, where one of the communes is not known."""
CROWD = 1_500
"""Names of one commune that are all compared with one another; beyond, each with those that sort beside it."""
_NEIGHBOURS = 40

SHOWN = (
    "nom",
    "aliases",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "longitude",
    "latitude",
    "siret",
    "telephone",
    "courriel",
    "site_web",
    "statut_ess",
    "famille",
    "types",
    "themes",
    "description",
    "tranche_effectif",
    "effectif_imprime",
)
"""What is shown of both sides, and what a line may complete."""

_SMALL_WORDS = frozenset(
    (
        *("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sur"),
        *("association", "asso", "societe", "ste", "sarl", "sas", "eurl"),
    )
)


_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one structure.

    Parameters
    ----------
    line : int
        The line that waits.
    other_line : int or None
        The earlier line of the file that it looks like, None when it is an actor of the directory.
    actor : str
        Identifier of that actor, "" when it is a line of the file.
    reason : str
        Why, in French.
    score : float
        Similarity, of 100.
    left, right : dict of str to str
        What is known of the line, and of the other, by column.
    """

    line: int
    other_line: int | None
    actor: str
    reason: str
    score: float
    left: dict[str, str]
    right: dict[str, str]

    def sides(self) -> list[tuple[str, str, str]]:
        """Return (column, this line, the other), the columns that both leave empty left out."""
        return [
            (column, self.left.get(column, ""), self.right.get(column, ""))
            for column in SHOWN
            if self.left.get(column) or self.right.get(column)
        ]


@dataclass(frozen=True)
class _Row:
    """What a row is compared by."""

    key: str
    digits: str
    commune: str
    siret: str


def find_duplicates(checked: Checked, known: pd.DataFrame) -> tuple[list[Pair], list[str]]:
    """Return, for each line, the actor or the earlier line that it looks most like; and what was not compared.

    A line is compared by its identifier, then by SIRET, then by name within its commune. Lines that are refused
    are not compared. Two rows that bear different SIRET numbers are never a pair by their names.

    Parameters
    ----------
    checked : Checked
        The lines.
    known : pandas.DataFrame
        The actors of the directory, text columns of ``schemas/acteurs.schema.json``.
    """
    finder = _Finder(checked, known)
    finder.by_identifier()
    finder.by_siret()
    finder.by_name()
    return [finder.pairs[row] for row in sorted(finder.pairs, key=lambda row: checked.lines[row])], finder.notes


class _Finder:
    def __init__(self, checked: Checked, known: pd.DataFrame):
        self.pairs: dict[int, Pair] = {}
        self.notes: list[str] = []
        self._checked = checked
        self._known = known
        self._records = known.to_dict("records")
        names, codes, sirets = (checked.column(target) for target in ("nom", "code_insee", "siret"))
        communes = checked.column("commune")
        self._rows = [
            _row(name, commune, code, siret)
            for name, commune, code, siret in zip(names, communes, codes, sirets, strict=True)
        ]
        worst = checked.log.worst
        self._compared = [row for row, line in enumerate(checked.lines) if worst.get(line) != "refusee" and names[row]]

    def by_identifier(self) -> None:
        """Pair the lines that bear the identifier of an actor: they come from an export of the directory."""
        places = {str(record["id"]): place for place, record in enumerate(self._records)}
        names = self._checked.column("id")
        for row in self._compared:
            if names[row] in places:
                self._add_actor(row, places[names[row]], "même identifiant que cet acteur de l’annuaire", 100)

    def by_siret(self) -> None:
        """Pair the lines that bear the SIRET of an actor, or of an earlier line."""
        actors = {record["siret"]: place for place, record in enumerate(self._records) if record["siret"]}
        first: dict[str, int] = {}
        for row in self._compared:
            siret = self._rows[row].siret
            if not siret:
                continue
            if siret in actors:
                self._add_actor(row, actors[siret], "même SIRET qu’un acteur de l’annuaire", 100)
            if siret in first:
                self._add_line(row, first[siret], "même SIRET", 100)
            first.setdefault(siret, row)

    def by_name(self) -> None:
        """Pair the names that are alike in one commune."""
        groups: dict[str, list[int]] = defaultdict(list)
        for row in self._compared:
            groups[self._rows[row].commune].append(row)
        self._with_actors(groups)
        for commune, rows in groups.items():
            self._within(rows, SAME_NAME if not commune else ALIKE)

    def _with_actors(self, groups: dict[str, list[int]]) -> None:
        spelled: dict[str, list[tuple[str, int, _Row]]] = defaultdict(list)
        for place, record in enumerate(self._records):
            for name in [record["nom"], *filter(None, record["aliases"].split(LIST_SEPARATOR))]:
                row = _row(name, record["commune"], record["code_insee"], record["siret"])
                spelled[row.commune].append((row.key, place, row))
        unplaced = [candidate for candidate in spelled.pop("", []) if " " in candidate[0]]
        everyone = [candidate for candidates in spelled.values() for candidate in candidates if " " in candidate[0]]
        for commune, rows in groups.items():
            if commune:
                self._match(rows, spelled.get(commune, []), ALIKE, "nom semblable, même commune : acteur de l’annuaire")
            where = "nom semblable : acteur de l’annuaire dont la commune n’est pas connue"
            self._match(rows, unplaced, SAME_NAME, where)
            if not commune:
                self._match(rows, everyone, SAME_NAME, "même nom qu’un acteur de l’annuaire, commune non précisée")

    def _match(self, rows: list[int], candidates: list[tuple[str, int, _Row]], alike: float, reason: str) -> None:
        """Pair each row with the candidate that is most alike."""
        rows = [row for row in rows if row not in self.pairs]
        if not rows or not candidates:
            return
        keys = list(dict.fromkeys(self._rows[row].key for row in rows))
        scores = process.cdist(
            keys, [key for key, _, _ in candidates], scorer=fuzz.token_sort_ratio, score_cutoff=alike, dtype=np.uint8
        )
        best, value = scores.argmax(axis=1), scores.max(axis=1)
        found = {key: (int(best[i]), int(value[i])) for i, key in enumerate(keys) if value[i]}
        for row in rows:
            if self._rows[row].key in found:
                candidate, score = found[self._rows[row].key]
                if _may_be_one(self._rows[row], candidates[candidate][2]):
                    self._add_actor(row, candidates[candidate][1], reason, score)

    def _within(self, rows: list[int], alike: float) -> None:
        """Pair each row of one commune with the earlier one that is most alike."""
        first: dict[str, int] = {}
        for row in rows:
            key = self._rows[row].key
            if key in first and (alike < SAME_NAME or " " in key):
                if _may_be_one(self._rows[row], self._rows[first[key]]):
                    self._add_line(row, first[key], "même nom, même commune" if alike < SAME_NAME else "même nom", 100)
            else:
                first.setdefault(key, row)
        if alike >= SAME_NAME:
            return
        keys = list(first)
        if len(keys) <= CROWD:
            self._compare(keys, [first[key] for key in keys])
            return
        where = self._checked.column("commune")[rows[0]]
        self.notes.append(
            f"{number(len(keys))} noms à {where} : chacun n’est comparé qu’à ceux qui le suivent dans l’alphabet."
        )
        ordered = sorted(keys)
        for start in range(0, len(ordered), _NEIGHBOURS):
            window = sorted(ordered[start : start + 2 * _NEIGHBOURS], key=first.__getitem__)
            self._compare(window, [first[key] for key in window])

    def _compare(self, keys: Sequence[str], rows: Sequence[int]) -> None:
        if len(keys) < 2:
            return
        scores = process.cdist(keys, keys, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, dtype=np.uint8)
        earlier = np.tril(scores, k=-1)
        best, value = earlier.argmax(axis=1), earlier.max(axis=1)
        for place in np.flatnonzero(value).tolist():
            row, other = rows[place], rows[int(best[place])]
            if _may_be_one(self._rows[row], self._rows[other]):
                self._add_line(row, other, "nom semblable, même commune", int(value[place]))

    def _add_actor(self, row: int, place: int, reason: str, score: float) -> None:
        record = self._records[place]
        if row not in self.pairs:
            right = {column: str(record.get(column, "")) for column in SHOWN}
            self.pairs[row] = Pair(
                self._checked.lines[row], None, str(record["id"]), reason, score, self._side(row), right
            )

    def _add_line(self, row: int, other: int, reason: str, score: float) -> None:
        if row not in self.pairs:
            lines = self._checked.lines
            self.pairs[row] = Pair(lines[row], lines[other], "", reason, score, self._side(row), self._side(other))

    def _side(self, row: int) -> dict[str, str]:
        return {column: self._checked.values[column][row] for column in SHOWN if column in self._checked.values}


def _row(name: str, commune: str, code: str, siret: str) -> _Row:
    folded = fold(name)
    words = [word for word in folded.split() if word not in _SMALL_WORDS and word not in _words(commune)]
    digits = " ".join(sorted(_NUMBERS.findall(folded)))
    return _Row(" ".join(words) or folded, digits, code, siret if is_siret(siret) else "")


@lru_cache(maxsize=8_192)
def _words(commune: str) -> frozenset[str]:
    return frozenset(fold(commune).split())


def _may_be_one(one: _Row, other: _Row) -> bool:
    """Whether nothing official tells two rows of the same name apart: numbers in the name, SIREN, SIRET."""
    if one.digits != other.digits:
        return False
    return not one.siret or not other.siret or one.siret == other.siret
