"""What a register proposes to change in the directory: additions, values to complete, establishments that are gone.

The row that people keep always wins, field by field: a register completes what it leaves empty, shows where it says
something else, and changes nothing until somebody accepts it. Each accepted value says where it comes from.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from esscarto.editing import Addition, Correction, new_identifier
from esscarto.french import fold
from esscarto.registers.provenance import Origin
from esscarto.registers.rows import Reading, Register, columns
from esscarto.schema import LIST_SEPARATOR
from esscarto.vocabulary import PLACED, STATUTS

Kind = Literal["nouveau", "modifie", "disparu"]

KINDS: dict[Kind, str] = {
    "nouveau": "absent de l’annuaire",
    "modifie": "dit autre chose que l’annuaire, ou plus",
    "disparu": "n’est plus dans le registre",
}

COMPARED = (
    "statut_ess",
    "famille",
    "types",
    "tranche_effectif",
    "effectif_imprime",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "siret",
    "telephone",
    "courriel",
    "site_web",
)
"""Fields of an actor that a register may complete. Its name, its description and its themes are the directory's."""
SAYS_NOTHING = {"statut_ess": "non_imprime"}
"""A field -> the value that means that nothing is known."""
LISTS = ("types",)

SEEN_COLUMNS = ("vu_le", "absent_depuis")
_LEGAL_WORDS = re.compile(r"^(?:association|assoc|asso|ass|societe|sarl|sas|sa|scic|scop)\s+")


@dataclass(frozen=True)
class FieldProposal:
    """What a register says of one field.

    Parameters
    ----------
    field : str
        Column of the directory.
    kept : str
        What the directory says, "" when nothing.
    before : str
        What the register said last time.
    proposed : str
        What it says now; in a list, with what the directory has already.
    """

    field: str
    kept: str
    before: str
    proposed: str

    @property
    def completes(self) -> bool:
        """Whether the directory says nothing, or has a list to which this only adds."""
        if self.field in LISTS:
            return set(self.kept.split(LIST_SEPARATOR)) - {""} <= set(self.proposed.split(LIST_SEPARATOR))
        return self.kept in ("", SAYS_NOTHING.get(self.field, ""))

    @property
    def is_news(self) -> bool:
        """Whether the register says so since last time only."""
        return self.before != self.proposed


@dataclass(frozen=True)
class Proposal:
    """One thing to decide.

    Parameters
    ----------
    kind : str
        Key of :data:`KINDS`.
    register : Register
        Who says so.
    key : str
        The row in the register.
    actor : str
        ``id`` of the actor that it is about, "" when the directory has none.
    row : mapping of str to str
        What the register says (when it is gone: what it said last).
    fields : tuple of FieldProposal
        What to complete or compare, for an actor of the directory.
    already_seen : bool
        Whether last time proposed the same.
    perhaps : tuple of str
        Actors of the same name somewhere else: maybe this one.
    """

    kind: Kind
    register: Register
    key: str
    actor: str
    row: Mapping[str, str]
    fields: tuple[FieldProposal, ...] = ()
    already_seen: bool = False
    perhaps: tuple[str, ...] = ()

    @property
    def completing(self) -> tuple[str, ...]:
        """Fields that the directory leaves empty: those that are taken unless somebody chooses."""
        return tuple(each.field for each in self.fields if each.completes) if self.kind == "modifie" else ()


def propose(curated: pd.DataFrame, reading: Reading, seen: pd.DataFrame | None = None) -> tuple[Proposal, ...]:
    """Compare a reading of a register with the directory, and with the reading before.

    An establishment is an actor when their SIRET is the same; else when one actor alone has its SIREN in the same
    commune; else when one alone has its name there.

    Parameters
    ----------
    curated : pandas.DataFrame
        Every row of the directory, text.
    reading : Reading
        What the register says now.
    seen : pandas.DataFrame, optional
        What :func:`remember` kept last time.

    Returns
    -------
    tuple of Proposal
        The new ones first, then what changes, then what is gone.
    """
    before = _by_key(seen)
    directory = {row["id"]: row for row in curated.to_dict("records")}
    matcher = _Matcher(directory)
    new, changed, present = [], [], set()
    for row in reading.rows.to_dict("records"):
        known = before.get(row["cle"], {})
        actor = matcher.actor(row)
        if not actor:
            perhaps = matcher.namesakes(row)
            new.append(Proposal("nouveau", reading.register, row["cle"], "", row, (), bool(known), perhaps))
            continue
        present.add(actor)
        fields = _compared(directory[actor], row, known)
        if fields:
            old = bool(known) and not any(each.is_news for each in fields)
            changed.append(Proposal("modifie", reading.register, row["cle"], actor, row, fields, old))
    gone = []
    for row in remember(reading, seen).to_dict("records"):
        actor = matcher.actor(row) if row["absent_depuis"] else ""
        # An actor that has moved is there under another number.
        if actor and actor not in present and directory[actor].get("statut") in ("actif", "projet"):
            state = FieldProposal("statut", directory[actor]["statut"], "actif", "a_verifier")
            already = bool(before.get(row["cle"], {}).get("absent_depuis"))
            gone.append(Proposal("disparu", reading.register, row["cle"], actor, row, (state,), already))
    return (*new, *changed, *gone)


def remember(reading: Reading, seen: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what to keep of a reading, to compare the next one with.

    A row that is no longer in the register stays, with the day on which it was first missed: it is proposed until
    somebody decides. A row outside the communes that were asked for stays as it was.

    Returns
    -------
    pandas.DataFrame
        The columns of a reading, then :data:`SEEN_COLUMNS`.
    """
    now = reading.rows.assign(vu_le=reading.day, absent_depuis="")
    kept, present = [], set(reading.rows["cle"])
    for key, row in _by_key(seen).items():
        if key in present:
            continue
        missing = row["code_insee"] in reading.perimeter and not row["absent_depuis"]
        kept.append({**row, "absent_depuis": reading.day or "date inconnue"} if missing else row)
    order = seen_columns()
    return pd.concat([now[order], pd.DataFrame(kept, columns=order, dtype=str)], ignore_index=True)


def seen_columns() -> list[str]:
    """Return the columns of what :func:`remember` keeps."""
    return [*columns(), *SEEN_COLUMNS]


def accept(
    proposal: Proposal, curated: pd.DataFrame, chosen: Collection[str] | None = None, taken: Collection[str] = ()
) -> tuple[Addition | Correction | None, tuple[Origin, ...]]:
    """Turn a proposal that somebody accepts into an edit of the directory, and say where its values come from.

    Parameters
    ----------
    proposal : Proposal
        What is accepted.
    curated : pandas.DataFrame
        The directory.
    chosen : collection of str, optional
        Fields to take. By default those that the directory leaves empty; a value that people wrote is replaced only
        when its field is named here.
    taken : collection of str
        Identifiers that other additions of the same moment take.

    Returns
    -------
    edit : Addition, Correction or None
        None when there is nothing to take.
    origins : tuple of Origin
        One for each value taken.
    """
    day = proposal.row.get("statut_date", "")
    source = proposal.row["source"]
    if proposal.kind == "nouveau":
        row = {name: value for name, value in proposal.row.items() if name in curated.columns and value}
        actor = new_identifier(row["nom"], row.get("commune", ""), {*curated["id"], *taken})
        row |= {"id": actor, "organisation": actor}
        return Addition(row), tuple(Origin(actor, name, value, source, day) for name, value in row.items())
    fields = proposal.completing if chosen is None else chosen
    after = {each.field: each.proposed for each in proposal.fields if each.field in fields}
    if not after:
        return None, ()
    before = curated[curated["id"] == proposal.actor].iloc[0].to_dict()
    after |= _place_that_follows(after, before, proposal.row)
    origins = tuple(Origin(proposal.actor, name, value, source, day) for name, value in after.items() if value)
    return Correction(proposal.actor, before, after), origins


def describe(field: FieldProposal) -> str:
    """Say a field proposal in words, for a report."""
    if field.field == "statut":
        return f"proposer l’état «\u00a0{STATUTS[field.proposed]}\u00a0»"
    return "complète l’annuaire" if field.completes else "diffère de l’annuaire, qui est gardé"


def _place_that_follows(after: Mapping[str, str], before: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str]:
    """Return what goes with a place that is taken: how precise it is, who gives it.

    The point of an address that is replaced is not that of the new one: it is left for the geocoder to find.
    """
    if not {"code_insee", "adresse"} & after.keys():
        return {}
    replaced = any(before.get(name) for name in ("code_insee", "adresse") if name in after)
    given = ("lieu_source", "lieu_date", "lieu_confiance")
    follows = {name: row[name] for name in given if row[name] and (replaced or not before.get(name))}
    if "code_insee" in after and before.get("precision") not in PLACED:
        follows["precision"] = "commune"
    if replaced and before.get("longitude"):
        follows |= {"precision": "commune", "longitude": "", "latitude": ""}
    return follows


# ---- compare


def _compared(kept: Mapping[str, str], row: Mapping[str, str], known: Mapping[str, str]) -> tuple[FieldProposal, ...]:
    found = []
    for name in COMPARED:
        said, mine = row.get(name, ""), kept.get(name, "")
        last = known.get(name, "")
        if not said or said == SAYS_NOTHING.get(name):
            continue
        if name in LISTS:
            said, last = _with(mine, said), _with(mine, last) if last else ""
        if said != mine and not _same(name, said, mine):
            found.append(FieldProposal(name, mine, last, said))
    return tuple(found)


def _with(mine: str, said: str) -> str:
    """Return a list with what another one adds to it, in their order."""
    words = (word for part in (mine, said) for word in part.split(LIST_SEPARATOR) if word)
    return LIST_SEPARATOR.join(dict.fromkeys(words))


def _same(name: str, said: str, mine: str) -> bool:
    """Whether two values differ only in how they are written."""
    if name in ("adresse", "commune"):
        return fold(said) == fold(mine)
    if name == "telephone":
        return re.sub(r"\D", "", said)[-9:] == re.sub(r"\D", "", mine)[-9:]
    if name == "site_web":
        return _bare(said) == _bare(mine)
    return said.casefold() == mine.casefold()


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address.casefold()).rstrip("/")


class _Matcher:
    """Finds the actor that an establishment is."""

    def __init__(self, directory: Mapping[str, Mapping[str, str]]):
        self._sirets: dict[str, set[str]] = defaultdict(set)
        self._sirens: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._names: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._namesakes: dict[str, set[str]] = defaultdict(set)
        for actor, row in directory.items():
            commune = row.get("code_insee", "")
            if row.get("siret"):
                self._sirets[row["siret"]].add(actor)
                self._sirens[row["siret"][:9], commune].add(actor)
            for name in _all_names(row):
                self._names[name, commune].add(actor)
                self._namesakes[name].add(actor)

    def actor(self, row: Mapping[str, str]) -> str:
        """Return the ``id`` of the one actor that a row is, "" when there is none or several."""
        siret, commune = row.get("siret", ""), row.get("code_insee", "")
        if self._sirets.get(siret):
            return _only(self._sirets[siret])
        siren = row.get("siren", "") or siret[:9]
        if siren and (same := _only(self._sirens.get((siren, commune), set()))):
            return same
        named = {actor for name in _all_names(row) for actor in self._names.get((name, commune), ())}
        return _only(named) if commune else ""

    def namesakes(self, row: Mapping[str, str]) -> tuple[str, ...]:
        """Return the actors of the same name, wherever they are."""
        return tuple(sorted({actor for name in _all_names(row) for actor in self._namesakes.get(name, ())}))


def _all_names(row: Mapping[str, str]) -> set[str]:
    names = (row.get("nom", ""), *row.get("aliases", "").split(LIST_SEPARATOR))
    return {_LEGAL_WORDS.sub("", fold(name)) for name in names if fold(name)}


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""


def _by_key(seen: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    return {} if seen is None else {row["cle"]: row for row in seen.to_dict("records")}
