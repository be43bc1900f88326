"""Health of the directory: what is filled in, how old it is, and what somebody should look at.

Nothing is changed here, and nothing is judged: each figure says what the rows hold on a given day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from esscarto.actors import JoinFinding
from esscarto.french import NBSP, sort_key
from esscarto.french import date as say_date
from esscarto.importing.checking import Checked
from esscarto.importing.duplicates import SHOWN, find_duplicates
from esscarto.importing.findings import Log
from esscarto.schema import Problem
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import PRECISIONS


@dataclass(frozen=True)
class Watched:
    """Something that a row should say.

    Parameters
    ----------
    title : str
        For the reader.
    columns : tuple of str
        It is said when one of them is filled in.
    pointless : mapping of str to tuple of str
        Column -> values of a row that may leave it empty: it cannot apply to it.
    unless : str
        The same, in words.
    unknown : str
        A code of the column that says nothing.
    """

    title: str
    columns: tuple[str, ...]
    pointless: Mapping[str, tuple[str, ...]]
    unless: str = ""
    unknown: str = ""


_ALWAYS: dict[str, tuple[str, ...]] = {}
_NOT_OPEN = ({"statut": ("projet", "passe")}, "acteurs en projet ou terminés")
_GONE = ({"statut": ("passe",)}, "acteurs terminés")

WATCHED = (
    Watched("Rapport à l’ESS", ("statut_ess",), _ALWAYS, unknown="non_imprime"),
    Watched(
        "Famille juridique",
        ("famille",),
        {"statut_ess": ("public", "hors_ess")},
        "acteurs publics et partenaires hors ESS",
    ),
    Watched("Types", ("types",), _ALWAYS),
    Watched("Thèmes", ("themes",), _ALWAYS),
    Watched("Description", ("description",), _ALWAYS),
    Watched("Commune", ("commune", "code_insee"), _ALWAYS),
    Watched("Adresse", ("adresse",), *_NOT_OPEN),
    Watched("SIRET", ("siret",), *_NOT_OPEN),
    Watched("Tranche d’effectif", ("tranche_effectif",), *_NOT_OPEN),
    Watched("Un contact au moins", ("telephone", "courriel", "site_web"), *_GONE),
    Watched("Téléphone", ("telephone",), *_GONE),
    Watched("Courriel", ("courriel",), *_GONE),
    Watched("Site web", ("site_web",), *_GONE),
    Watched("Date de l’état", ("statut_date",), _ALWAYS),
    Watched("Date du document", ("source_date",), _ALWAYS),
)
"""What is looked at, in the order of a sheet: who, what, where, whom to call, since when."""

DATES = {"statut_date": "État", "lieu_date": "Lieu", "source_date": "Document"}
"""Column -> what was looked at on that date."""

AGES = {
    "un_an": "moins d’un an",
    "deux_ans": "1 à 2 ans",
    "cinq_ans": "2 à 5 ans",
    "ancien": "5 ans ou plus",
    "a_venir": "à venir",
    "non_date": "non daté",
}
"""How long ago a date is."""
_YOUNGER_THAN = {"un_an": 1, "deux_ans": 2, "cinq_ans": 5}

STALE_YEARS = 3
"""A state that no source has confirmed for so long is to be looked at."""

REASONS = {
    "declare": "Noté « à vérifier »",
    "lieu": "Lieu à reprendre",
    "confiance": "Lieu à confirmer",
    "date_ancienne": "État ancien",
    "sans_date": "État non daté",
    "date_a_venir": "Date à venir",
}
"""Why somebody should look at an actor."""

EMPLOYERS = "etablissements_employeurs_ess"
"""The published figure that the known actors are set against."""


@dataclass(frozen=True)
class Completeness:
    """How many rows say something, of those to which it applies."""

    watched: Watched
    filled: int
    applicable: int
    pointless: int

    @property
    def share(self) -> float:
        """Percentage filled, NaN when it applies to no row."""
        return 100 * self.filled / self.applicable if self.applicable else float("nan")


@dataclass(frozen=True)
class Drawn:
    """How many actors of one precision, and how many of them have a point on the map."""

    precision: str
    total: int
    points: int


@dataclass(frozen=True)
class Doubt:
    """An actor to look at, and why: (key of :data:`REASONS`, sentence), the note of the row."""

    actor: str
    name: str
    place: str
    reasons: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class Twins:
    """Two actors that may be one, why, and what is known of both: (column, this one, the other)."""

    left: str
    right: str
    reason: str
    sides: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Coverage:
    """The counted actors of a territory beside the employers that a document publishes; None when none does."""

    territory: Territory
    known: int
    published: dict[str, str] | None


def scope(site: Site, territory: Territory | None) -> np.ndarray:
    """Return which actors are known to be inside a territory; all of them when it is None."""
    return site.actors.inside(territory) if territory else np.ones(len(site.actors), dtype=bool)


def completeness(site: Site, mask: np.ndarray) -> list[Completeness]:
    """Count, for each thing of :data:`WATCHED`, the rows of a mask that say it.

    A row that cannot have it, and does not, is counted apart.
    """
    frame = site.actors.frame[mask]
    found = []
    for watched in WATCHED:
        filled = np.zeros(len(frame), dtype=bool)
        for column in watched.columns:
            cells = frame[column]
            filled |= (cells.notna() & ~cells.isin(["", watched.unknown])).to_numpy()
        pointless = np.zeros(len(frame), dtype=bool)
        for column, values in watched.pointless.items():
            pointless |= frame[column].isin(values).to_numpy()
        pointless &= ~filled
        counts = (int(np.count_nonzero(kept)) for kept in (filled, ~pointless, pointless))
        found.append(Completeness(watched, *counts))
    return found


def precisions(site: Site, mask: np.ndarray) -> list[Drawn]:
    """Count the actors of a mask by the precision that the map draws, the finest first; none left out."""
    frame = site.actors.frame[mask]
    placed = frame["lon"].notna()
    totals, points = frame["precision_point"].value_counts(), frame.loc[placed, "precision_point"].value_counts()
    return [Drawn(code, int(totals.get(code, 0)), int(points.get(code, 0))) for code in PRECISIONS]


def ages(site: Site, mask: np.ndarray, today: date) -> dict[str, dict[str, int]]:
    """Count the dates of a mask: column of :data:`DATES` -> key of :data:`AGES` -> number of actors.

    A place without a source of its own has no date of its own: it is not counted.
    """
    frame = site.actors.frame[mask]
    found = {}
    for column in DATES:
        kept = frame[frame["lieu_source"] != ""] if column == "lieu_date" else frame
        counts = kept[column].map({text: age(text, today) for text in kept[column].unique()}).value_counts()
        found[column] = {code: int(counts.get(code, 0)) for code in AGES}
    return found


def age(text: str, today: date) -> str:
    """Say how old a date of the directory is, by a key of :data:`AGES`.

    A year or a month counts from its first day, so that nothing is taken for more recent than its source says.
    """
    day = first_day(text)
    if day is None:
        return "non_date"
    if day > today:
        return "a_venir"
    return next((code for code, years in _YOUNGER_THAN.items() if day > _years_before(today, years)), "ancien")


def first_day(text: str) -> date | None:
    """Return the first day of a date, month or year (ISO 8601), None when it is not one."""
    try:
        year, month, day = [*(int(part) for part in text.split("-")), 1, 1][:3]
        return date(year, month, day)
    except ValueError:
        return None


def doubts(site: Site, mask: np.ndarray, today: date) -> list[Doubt]:
    """Return the actors of a mask that somebody should look at, by name, each with every reason."""
    findings: dict[str, list[JoinFinding]] = {}
    for finding in site.actors.findings:
        findings.setdefault(finding.actor, []).append(finding)
    found = []
    for at in np.flatnonzero(mask):
        row = site.rows[at]
        reasons = (*_state_reasons(row, today), *_place_reasons(row, findings.get(row["id"], [])))
        if reasons:
            found.append(Doubt(row["id"], row["nom"], site.places[at], reasons, row["note"]))
    return sorted(found, key=lambda doubt: sort_key(doubt.name))


def twins(site: Site) -> list[Twins]:
    """Return the rows of the directory that may be one structure, compared as an import compares them.

    The places of one organisation are told apart already; so are two different SIRET numbers.
    """
    frame = site.actors.frame.assign(code_insee=site.actors.frame["code_insee"].fillna(""))
    owners = frame["organisation"].to_dict()
    placed = frame["code_insee"] != ""
    found = []
    # An actor whose commune nobody knows may be in any: it is known to the others by its name alone.
    for rows, known in ((frame[placed], frame[~placed]), (frame[~placed], frame.iloc[:0])):
        for pair in find_duplicates(_as_file(rows), known)[0]:
            left = str(rows.index[pair.line])
            right = pair.actor if pair.other_line is None else str(rows.index[pair.other_line])
            if owners[left] != owners[right]:
                found.append(Twins(left, right, pair.reason, pair.sides()))
    return found


def coverage(site: Site, territory: Territory | None) -> list[Coverage]:
    """Return the coverage of the PETR and of their EPCI, or of a territory, of those inside and around it."""
    return [
        Coverage(
            one,
            int(np.count_nonzero(site.actors.inside(one) & site.actors.counted)),
            site.figures.find(str(one), EMPLOYERS),
        )
        for one in _looked_at(site, territory)
    ]


def left_out(site: Site) -> list[tuple[str, Problem]]:
    """Return the cells that do not fit their table; their rows are in no page."""
    return [(table, problem) for table, problems in site.problems.items() for problem in problems]


def _years_before(today: date, years: int) -> date:
    # A leap day: the 28th of February is a whole number of years before it, the 1st of March is not.
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 2, 28)


def _state_reasons(row: Mapping[str, str], today: date) -> tuple[tuple[str, str], ...]:
    """Say what is doubtful of the state of an actor; what is over does not age."""
    state, text = row["statut"], row["statut_date"]
    said = [("declare", "la fiche elle-même le dit")] if state == "a_verifier" else []
    if state != "passe":
        day = first_day(text)
        if day is None:
            said.append(("sans_date", "rien ne dit de quand date son état"))
        elif day > today:
            said.append(("date_a_venir", f"son état est daté du futur{NBSP}: {say_date(text)}"))
        elif day <= _years_before(today, STALE_YEARS):
            said.append(("date_ancienne", f"son état date de {say_date(text)}"))
    return tuple(said)


def _place_reasons(row: Mapping[str, str], findings: Sequence[JoinFinding]) -> tuple[tuple[str, str], ...]:
    trust = {"probable": "lieu probable, à confirmer", "douteux": "lieu douteux, sans point sur la carte"}
    # The commune of an actor known elsewhere in France is no mistake: the sentence must not say that it is one.
    outside = f"sa commune ({row['code_insee_declare']}) n’est pas sur la carte{NBSP}: il n’a pas de point"
    said = [("lieu", outside if finding.kind == "code_inconnu" else finding.message) for finding in findings]
    if row["lieu_confiance"] in trust:
        said.append(("confiance", trust[row["lieu_confiance"]]))
    return tuple(said)


def _as_file(frame: pd.DataFrame) -> Checked:
    """Return the directory as an import reads a file, without the identifiers, which are all different."""
    columns = {column: frame[column].tolist() for column in ("code_insee", *SHOWN)}
    return Checked(list(range(len(frame))), columns, {}, Log({}), set())


def _looked_at(site: Site, territory: Territory | None) -> list[Territory]:
    layers = site.territories
    if territory is None:
        petrs = [Territory("petr", code) for code in layers.layers["petr"].index]
        return [one for petr in petrs for one in (petr, *_epcis(site, petr))]
    around = [parent for parent in layers.parents(territory) if parent.level == "petr"]
    inside = [] if territory.level in ("commune", "epci") else _epcis(site, territory)
    return [*around, territory, *inside]


def _epcis(site: Site, territory: Territory) -> list[Territory]:
    return [Territory("epci", str(code)) for code in site.territories.children(territory, "epci")]
