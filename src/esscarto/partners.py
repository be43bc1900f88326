"""From a place and a project to the people who can help: one group a role, each answer with its reason.

Distances are straight, in kilometres measured in Lambert-93 (EPSG:2154). Nothing here is a route.
"""

import functools
import math
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from esscarto import practices
from esscarto.asking import BESIDE, GROUPS, NOTHING, THEME, TYPE, Answer, Group, Item, Question
from esscarto.french import NNBSP, enumerate_words, fold, sort_key
from esscarto.levers import CANDIDATE_TYPES
from esscarto.places import holders_of, practice_place
from esscarto.proximity import Found, kilometres
from esscarto.schema import LIST_SEPARATOR
from esscarto.site import Site
from esscarto.vocabulary import ROLES, THEMES, TYPES

PREMISES_TYPES = ("tiers_lieu", "incubateur", "bailleur_social", "centre_social")
GENERAL = "developpement_economique"
"""The theme of those who help any project."""
HELP = ("accompagnement", "financement")
COUNTRY, UNPRINTED = "france", ""
FAR_KM = 100.0
"""Beyond, the nearest are no longer near: they are left out as soon as one is nearer."""
LEAST_NAME = 5
"""Letters of a type that a name may hold: « AI » and « EA » are found in any."""
LONGEST_QUOTE = 120
"""Letters of a description that a reason quotes."""
MOST = 10
"""Answers of one role that are given: beyond, the radius is to be made smaller."""
MOST_PRACTICES, MOST_PROGRAMMES = 5, 10
_CLAUSE = re.compile(r"(?<=[;.]) ")


def reasons(site: Site, question: Question, keys: Iterable[str]) -> dict[str, tuple[str, Item]]:
    """Return, for items that the site has, what a question makes of each: its role, its reasons and its distance.

    The role is that of the answer, a key of :data:`esscarto.asking.GROUPS`; empty when the answer does not hold it.
    """
    groups = reversed(answer(site, question).groups)
    said = {item.key: (group.code, item) for group in groups for item in (*group.items, *group.beyond)}
    seeker = _Seeker(site, question)
    return {key: said.get(key) or ("", seeker.item(key)) for key in keys}


def answer(site: Site, question: Question) -> Answer:
    """Answer a question, role by role; an actor stands in the first role that it fits.

    Parameters
    ----------
    site : Site
        What is known.
    question : Question
        Where, what project, what is sought, how far.
    """
    seeker = _Seeker(site, question)
    finders = {
        "operateurs": seeker.operators,
        "insertion": seeker.insertion,
        "lieux": seeker.premises,
        "reseaux": seeker.networks,
        "accompagnement": lambda: seeker.helping("accompagnement", "accompagnement"),
        "financement": lambda: seeker.helping("financement", "financement"),
        "collectivite": seeker.public_bodies,
        "pratiques": seeker.practices,
        "programmes": seeker.programmes,
    }
    wanted = [code for code, (_, seeks) in GROUPS.items() if not question.sought or set(seeks) & set(question.sought)]
    groups = tuple(finders[code]() for code in wanted)
    return Answer(question, tuple(seeker.holders), groups)


class _Seeker:
    """One question under way: what it matches, and who has been named already."""

    def __init__(self, site: Site, question: Question):
        self.site, self.question = site, question
        self.holders = list(holders_of(site, question.place))
        self.themes, self.types = set(question.themes), set(question.types)
        self.neighbours = {
            theme: reason
            for asked in question.themes
            for theme, reason in site.complements.of(asked).items()
            if theme not in self.themes
        }
        states = site.index.rows["s"]
        self.standing = states["actif"] | states["a_verifier"] | states["projet"]
        self.rank = {str(holder): at for at, holder in enumerate(self.holders)}
        self.bound = site.actors.frame["rattachement"].isin(self.rank).to_numpy() & ~site.nearby.placed
        self.named: set[str] = set()
        self.far = np.zeros(len(site.actors), dtype=bool)
        """The nearest of the type asked for, once named out of reach."""
        self.supports = [row for row in site.supports.rows if row["territoire"] in {*self.rank, COUNTRY, UNPRINTED}]
        local = [str(holder) for holder in self.holders if holder.level in ("commune", "epci", "petr")]
        self.wide = len(local)
        self.local_bodies = {row["organisation"] for row in self.supports if row["territoire"] in local}

    # ---- those who have a place

    def operators(self) -> Group:
        """Return those of the same trade, a placed partner too, then those of a complementary one."""
        mask = self._role("operateur") & self.standing
        fit = self._any("th", self.themes) | self._any("ty", self.types)
        if not self.themes and not self.types:
            fit = np.ones(len(mask), dtype=bool)
        near = self._any("th", self.neighbours)
        beside = _partners_only(self.site) & self.site.nearby.placed & self.standing
        return self._placed("operateurs", (mask | beside) & fit, mask & near & ~fit)

    def insertion(self) -> Group:
        """Return those that employ people on integration paths or with a handicap."""
        return self._placed("insertion", self._any("ty", CANDIDATE_TYPES) & self.standing)

    def premises(self) -> Group:
        """Return those whose type is to hold premises."""
        return self._placed("lieux", self._any("ty", PREMISES_TYPES) & self.standing)

    def _placed(self, code: str, fit: np.ndarray, also: np.ndarray | None = None) -> Group:
        found = self._reach(fit if also is None else fit | also)
        typed = fit & self._any("ty", self.types)
        beyond: dict[int, Item] = {}
        if self.question.nearest_n:
            # However far: the nearest of the type and of the trade are the answer, the complementary ones only fill.
            best = [*self._nearest(typed), *self._reach(fit)]
            found = list(dict.fromkeys([*best, *found]))[: self.question.nearest_n]
        else:
            for mask, why in ((typed, ("le plus proche de ce type, au-delà du rayon",)), (fit, ())):
                for at, _ in () if any(mask[at] for at, _ in found) else self._nearest(mask & ~self.far):
                    beyond[at] = replace(self._item(at), why=(*why, *self._item(at).why))
                    self.far[at] |= bool(why)
        white = not any(fit[at] for at, _ in found)
        rows = self.site.rows
        # Sorted by position: an item is made for those that are shown.
        best_first = sorted((at for at, _ in found), key=lambda at: (self._match_of(rows[at], {}), not fit[at]))
        free = [at for at in best_first if rows[at]["id"] not in self.named]
        said = [at for at in best_first if rows[at]["id"] in self.named]
        unplaced = [at for at in self._unplaced(fit) if rows[at]["id"] not in self.named]
        kept = [self._item(at) for at in (*free[: self.question.nearest_n or MOST], *unplaced)]
        self.named |= {item.row["id"] for item in kept}
        return Group(
            code,
            tuple(kept),
            len(free) + len(unplaced),
            tuple(beyond.values()),
            white and not any(rows[at]["rattachement"].startswith(("commune:", "epci:")) for at in unplaced),
            tuple(map(self._item, said)),
        )

    def _nearest(self, mask: np.ndarray) -> Found:
        return self.site.nearby.nearest(*self.question.place.xy, 1, mask)

    def _reach(self, mask: np.ndarray) -> Found:
        x, y = self.question.place.xy
        if self.question.nearest_n:
            found = self.site.nearby.nearest(x, y, self.question.nearest_n, mask)
            return [one for one in found if one[1] <= FAR_KM] or found
        return self.site.nearby.within(x, y, self.question.radius_km, mask)

    def _unplaced(self, mask: np.ndarray) -> list[int]:
        """Return the actors without a point whose territory holds the place, the smallest territory first."""
        at = [int(one) for one in np.flatnonzero(mask & self.bound)]
        return sorted(at, key=lambda one: (self.rank[self.site.rows[one]["rattachement"]], self._name(one)))

    # ---- those who help

    def networks(self) -> Group:
        """Return the PTCE and the networks."""
        return self.helping("reseaux", "reseau", self._any("ty", ("ptce",)))

    def helping(self, code: str, role: str, also: np.ndarray | None = None) -> Group:
        """Return those of a role that go with the project: near, or bound to a territory that holds the place."""
        mask = self._role(role) & self.standing
        if also is not None:
            mask |= also & self.standing
        rows = {row["organisation"]: row for row in reversed(self.supports) if row["role"] == role}
        # What a source prints of a help goes before the roles of an actor: it says for which projects, and as what.
        told = {row["organisation"] for row in self.supports if row["role"] in {role, *(HELP if role in HELP else ())}}
        if self.themes:
            mask &= self._any("th", {*self.themes, GENERAL})
        # A public body funds its own territory: near is not enough.
        near = [at for at, km in self._reach(mask & ~self._role("collectivite")) if km <= FAR_KM]
        entries: dict[str, Item] = {}
        for organisation, row in rows.items():
            if not self._fits(row["themes"]):
                continue
            entries[organisation] = self._helper(organisation, row)
        for at in [*near, *self._unplaced(mask)]:
            organisation = self.site.rows[at]["organisation"]
            if organisation not in told:
                entries.setdefault(organisation, self._item(at))
        items = sorted(
            (item for item in entries.values() if item.row["id"] not in self.named), key=lambda item: self._order(item)
        )
        self.named |= {item.row["id"] for item in items[: 2 * MOST]}
        beyond = [] if items else [self._item(at) for at, km in self._nearest(mask) if km <= FAR_KM]
        return Group(code, tuple(items[: 2 * MOST]), len(items), tuple(beyond))

    def public_bodies(self) -> Group:
        """Return the services of the territories that hold the place, and who informs there."""
        rows = [row for row in self.supports if row["role"] in ("collectivite", "information")]
        items = {
            row["organisation"]: self._helper(row["organisation"], row)
            for row in reversed(rows)
            if row["territoire"] in self.rank and (row["role"] == "collectivite" or self._fits(row["themes"]))
        }
        inside = np.zeros(len(self.site.actors), dtype=bool)
        for holder in self.holders:
            if holder.level == "epci":
                inside = self.site.index.inside(holder) & self._any("ty", ("epci",))
        for at in np.flatnonzero(inside):
            items.setdefault(self.site.rows[at]["organisation"], self._item(int(at)))
        ordered = sorted(items.values(), key=self._order)
        return Group("collectivite", tuple(ordered[: 2 * MOST]), len(ordered))

    def _helper(self, organisation: str, row: dict[str, str]) -> Item:
        at = self.site.actors.frame.index.get_loc(self.site.organisations[organisation][0])
        return self._item(int(at), row)

    def _order(self, item: Item) -> tuple:
        """Order those who help: the best match, then the nearest territory, then the distance, then the name."""
        where = item.support.get("territoire", item.row["rattachement"])
        widths = {**self.rank, COUNTRY: len(self.rank), UNPRINTED: len(self.rank) + 1}
        far = widths.get(where, 0 if item.km is not None else len(self.rank))
        return item.match, far, item.km or 0.0, sort_key(item.name)

    # ---- what was done, what may be drawn on

    def practices(self) -> Group:
        """Return what was done elsewhere, the closest to the project first."""
        order = list(practices.NATURES)
        ranked = []
        for sheet in self.site.practices.sheets:
            if self.holders and sheet["lieu_imprime"] == str(self.holders[0]):
                continue
            themes, types = self.themes & set(sheet["themes"]), self.types & set(sheet["types"])
            if themes or types or not (self.themes or self.types):
                rank = (-len(types), -len(themes), order.index(sheet["nature"]), sort_key(sheet["titre"]))
                ranked.append((rank, self._practice(sheet)))
        ranked.sort(key=lambda one: one[0])
        return Group("pratiques", tuple(item for _, item in ranked[:MOST_PRACTICES]), len(ranked))

    def _practice(self, sheet: dict[str, Any]) -> Item:
        themes, types = self.themes & set(sheet["themes"]), self.types & set(sheet["types"])
        why = _shared("même type", types, TYPES) + _shared("même thème", themes, THEMES)
        why += [] if why else [f"montre une façon de faire : {_few(sheet['resume'])}"]
        there = practice_place(self.site, sheet)
        km = math.dist(there.xy, self.question.place.xy) / 1000 if there else None
        return Item(f"pratique:{sheet['id']}", sheet["titre"], tuple(why), sheet, km, match=self._match(themes, types))

    def programmes(self) -> Group:
        """Return what may be drawn on, what is of the theme first."""
        themes = self.themes | {GENERAL} if self.themes or self.types else set(THEMES)
        items = [self._programme(row) for row in self.site.programmes.for_territories(self.holders, themes)]
        items.sort(key=lambda item: not self.themes & set(item.row["themes"].split(LIST_SEPARATOR)))
        return Group("programmes", tuple(items[:MOST_PROGRAMMES]), len(items))

    def _programme(self, row: dict[str, str]) -> Item:
        themes = self.themes & _codes(row["themes"])
        why = _shared("même thème", themes, THEMES)
        if not why and GENERAL in _codes(row["themes"]):
            why = ["ouvert à tout projet de développement économique"]
        why += [] if why else [_few(row["ce_que_c_est"])]
        return Item(
            f"programme:{row['id']}",
            row["nom"],
            tuple(why),
            row,
            match=self._match(themes, set()) if themes else BESIDE,
        )

    # ---- words and masks

    def item(self, key: str) -> Item:
        """Return an item that the site has, whether or not it answers the question."""
        kind, _, name = key.partition(":")
        if kind == "pratique":
            return self._practice(self.site.practices.by_id[name])
        if kind == "programme":
            return self._programme(next(row for row in self.site.programmes.rows if row["id"] == name))
        return self._item(int(self.site.actors.frame.index.get_loc(name)))

    def _item(self, at: int, support: dict[str, str] | None = None) -> Item:
        row, point = self.site.rows[at], None
        if self.site.nearby.placed[at]:
            point = (float(self.site.nearby.xy[at][0]), float(self.site.nearby.xy[at][1]))
        return Item(
            f"acteur:{row['id']}",
            row["nom"],
            tuple(self._why(row, support or {})),
            row,
            kilometres(math.dist(point, self.question.place.xy)) if point else None,
            point,
            at,
            support or {},
            self.site.figures.find(f"acteur:{row['id']}", "rayon_approvisionnement"),
            self._match_of(row, support or {}),
        )

    def _match(self, themes: Collection[str], types: Collection[str]) -> int:
        return TYPE if types else THEME if themes or not (self.themes or self.types) else NOTHING

    def _match_of(self, row: dict[str, str], support: dict[str, str]) -> int:
        """Say how well an actor goes with the project; the desk of the place is worth its theme."""
        themes = _codes(support.get("themes") or row["themes"])
        best = self._match(themes & self.themes, self._types_of(row))
        if best == NOTHING and self.rank.get(support.get("territoire", ""), math.inf) < self.wide:
            return THEME
        return BESIDE if best == NOTHING and (GENERAL in themes or themes & set(self.neighbours)) else best

    def _types_of(self, row: dict[str, str]) -> set[str]:
        """Return which of the types asked for an actor has, or bears in its name as the network of a type does."""
        if not self.types:
            return set()
        name = f" {fold(row['nom'])}"
        named = {code for code in self.types if len(TYPES[code]) >= LEAST_NAME and f" {fold(TYPES[code])}" in name}
        return self.types & _codes(row["types"]) | named

    def _why(self, row: dict[str, str], support: dict[str, str]) -> Iterable[str]:
        """Say why an actor is there: what it shares with the project, what it brings, who is related to it."""
        types, themes = _codes(row["types"]), _codes(support.get("themes") or row["themes"])
        yield from _shared("même type", types & self.types, TYPES)
        yield from _shared("ce type est dans son nom", self._types_of(row) - types, TYPES)
        yield from _shared("même thème", themes & self.themes, THEMES)
        for theme in THEMES:
            if theme in themes and theme in self.neighbours and not themes & self.themes and not support:
                yield f"métier voisin, {THEMES[theme].lower()} : {self.neighbours[theme]}".rstrip(".")
        yield from _shared("emploie des personnes en insertion ou handicapées", types & set(CANDIDATE_TYPES), TYPES)
        yield from _shared("peut avoir des locaux", types & set(PREMISES_TYPES), TYPES)
        if brings := support.get("ce_qu_il_apporte") or _few(row["description"]):
            yield brings
        elif GENERAL in themes:
            yield "aide tout projet de développement économique"
        if support and support["territoire"] == UNPRINTED:
            yield "territoire d’action non imprimé par la source : à vérifier"
        for link in self.site.network.of(row["organisation"]):
            if link.organisation in self.local_bodies:
                said = f" ({link.when})" if link.when else ""
                yield f"{link.words} {self.site.organisation_name(link.organisation)}{said}"

    def _fits(self, cell: str) -> bool:
        """Whether themes go with the project; those who help any project go with all of them."""
        themes = _codes(cell)
        return not self.themes or GENERAL in themes or bool(themes & self.themes)

    def _name(self, at: int) -> tuple[str, str]:
        return sort_key(self.site.rows[at]["nom"])

    def _role(self, name: str) -> np.ndarray:
        return _roles(self.site)[name]

    def _any(self, facet: str, values: Collection[str]) -> np.ndarray:
        rows = self.site.index.rows[facet]
        found = np.zeros(len(self.site.actors), dtype=bool)
        for value in values:
            found |= rows[value]
        return found


@functools.lru_cache(maxsize=2)
def _roles(site: Site) -> dict[str, np.ndarray]:
    """Return, for each role, which actors have it."""
    cells = [_codes(row["roles"]) for row in site.rows]
    return {role: np.fromiter((role in cell for cell in cells), bool, len(cells)) for role in ROLES}


def _partners_only(site: Site) -> np.ndarray:
    """Return which actors are cited as partners and have no other role."""
    others = np.logical_or.reduce([which for role, which in _roles(site).items() if role != "partenaire"])
    return _roles(site)["partenaire"] & ~others


def _codes(cell: str) -> set[str]:
    return {code for code in cell.split(LIST_SEPARATOR) if code}


def _shared(words: str, codes: Collection[str], labels: dict[str, str]) -> list[str]:
    """Say what is shared, in the order of the closed list: ``même thème : réemploi, culture``."""
    said = [label if labels is TYPES else label.lower() for code, label in labels.items() if code in codes]
    return [f"{words} : {enumerate_words(said)}"] if said else []


def _few(text: str) -> str:
    """Return the first clauses of a text, as many as are short enough and one at least, without a last stop."""
    clauses = _CLAUSE.split(text.rstrip("."))
    ends = np.cumsum([len(clause) for clause in clauses])
    return " ".join(clauses[: max(1, int((ends <= LONGEST_QUOTE).sum()))]).rstrip(f" ;.{NNBSP}")
