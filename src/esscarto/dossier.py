"""What a basket holds, in words: each result in its role, how to reach it, where it comes from, what to do next."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from esscarto import links
from esscarto.asking import BY_ROAD, Item, Place
from esscarto.asking import GROUPS as ANSWERED
from esscarto.basket import Basket
from esscarto.french import NBSP, bound, date, enumerate_words, number
from esscarto.partners import reasons
from esscarto.places import holders_of, parse_asked, practice_place
from esscarto.practices import NATURES as PRACTICE_NATURES
from esscarto.practices import STATES as PRACTICE_STATES
from esscarto.practices import money
from esscarto.programmes import NATURES, STATES
from esscarto.schema import LIST_SEPARATOR
from esscarto.sheets.model import Cited
from esscarto.site import Site
from esscarto.storage.road_cache import Point, Road, point
from esscarto.timetable import lasting
from esscarto.vocabulary import PRECISIONS, STATUTS, THEMES, TYPES

GROUPS = {code: title for code, (title, _) in ANSWERED.items()}
"""Groups of a dossier, in its order: the roles of the answer, in its words."""
NOT_GIVEN = "non fourni par la source"
LAST_STEP = "Vérifier chaque adresse et chaque contact avant de s’y fier : leur date est celle de leur source."
HELD_BY = "porté par "
_NAMES = {"operateur": "operateurs", "partenaire": "operateurs", "reseau": "reseaux"}
"""Role of the directory -> the group of the answer, where their names differ."""


Roads = Callable[[Point, Point], Road | None]


@dataclass(frozen=True, kw_only=True)
class Entry(Cited):
    """One kept result."""

    item: str
    number: int
    group: str
    name: str
    what: str
    place: str
    description: str
    ways: tuple[tuple[str, str], ...]
    """How to reach it: words, and the address that they lead to or an empty text."""
    email: str
    note: str
    page: str
    """Address of its page on the site, without its base."""
    project: int
    """The project of the basket that it was kept for: 0 is the first."""
    why: tuple[str, ...] = ()
    """Why it answers the question of that project; none without a question."""
    away: str = ""
    """How far it is from the place of that question, in words."""
    km: float | None = None
    """The same in a straight line."""
    road: Road | None = None
    """The same by road, when the route service has said it."""


def known(site: Site, item: str) -> bool:
    """Whether the site has an item of a basket."""
    kind, _, key = item.partition(":")
    match kind:
        case "acteur":
            return key in site.actors.frame.index
        case "pratique":
            return key in site.practices.by_id
        case "programme":
            return key in _programmes(site)
    return False


def no_roads(start: Point, end: Point) -> None:
    """Know no road at all: the :data:`Roads` of who has asked none."""


def entries(site: Site, basket: Basket, roads: Roads = no_roads) -> list[Entry]:
    """Return what a basket holds that the site knows: by project, by role, then in the order of the visitor.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    basket : Basket
        What is kept.
    roads : callable
        The road between two points, ``None`` when it is not known; none is by default.
    """
    makers = {"acteur": _actor, "pratique": _practice, "programme": _programme}
    found = []
    for at, project in enumerate(basket.projects):
        held = [item for item in basket.items if basket.project(item) == at and known(site, item)]
        asked = parse_asked(site, project.asked)
        said = reasons(site, asked, held) if asked and held else {}
        for item in held:
            kind, _, key = item.partition(":")
            entry = makers[kind](site, basket, item, key)
            if asked:
                role, answered = said[item]
                # The description is printed beside: a reason that quotes it says nothing more.
                why = [one for one in answered.why if not entry.description.startswith(one)]
                way = _way(site, asked.place, answered, roads)
                entry = replace(
                    entry,
                    group=role or entry.group,
                    why=tuple(map(bound, why or answered.why)),
                    away=_away(answered, asked.place, way),
                    km=answered.km,
                    road=way,
                )
            found.append(entry)
    order = list(GROUPS)
    found.sort(key=lambda entry: (entry.project, order.index(entry.group)))
    return [replace(entry, number=number) for number, entry in enumerate(found, start=1)]


def places(site: Site, basket: Basket) -> dict[int, Place]:
    """Return the place of each project that has one: 0 is the first."""
    asked = {at: parse_asked(site, project.asked) for at, project in enumerate(basket.projects)}
    return {at: question.place for at, question in asked.items() if question}


def by_road(straight_km: float, road: Road | None) -> str:
    """Say a distance by road: that of the route service and its day, else 1.3 times the straight line."""
    if road is None:
        return f"environ {number(straight_km * BY_ROAD)}{NBSP}km par la route"
    lasts = lasting(math.ceil(road.minutes))
    return f"{number(road.km, 1)}{NBSP}km par la route, {lasts} (IGN, {date(road.day)})"


def _way(site: Site, place: Place, item: Item, roads: Roads) -> Road | None:
    if item.at is None or not item.xy:
        return None
    frame = site.actors.frame
    return roads(point(place.lon, place.lat), point(frame["lon"].iloc[item.at], frame["lat"].iloc[item.at]))


def _away(item: Item, place: Place, road: Road | None) -> str:
    if item.km is None:
        return ""
    way = f", {by_road(item.km, road)}" if item.km else ""
    return f"à {number(item.km, 1)}{NBSP}km à vol d’oiseau de {place.label}{way}"


def by_group(found: list[Entry]) -> dict[str, list[Entry]]:
    """Return the entries of each group that has some, in the order of :data:`GROUPS`."""
    groups = {title: [entry for entry in found if entry.group == code] for code, title in GROUPS.items()}
    return {title: held for title, held in groups.items() if held}


def steps(site: Site, basket: Basket, found: list[Entry]) -> list[str]:
    """Return what to do next: whom to reach and how, what to read, what to ask, and of whom."""
    told = []
    for at in dict.fromkeys(entry.project for entry in found):
        held = [entry for entry in found if entry.project == at]
        place = places(site, basket).get(at)
        holders = holders_of(site, place) if place else ()
        first = site.supports.first(list(holders))
        desk = f"{site.organisation_name(first['organisation'])} ({_reach(first)})" if first else ""
        bodies = [site.territories.name(holder) for holder in holders if holder.level in ("epci", "petr")]
        named = f" : {enumerate_words(bodies)}" if bodies else ""
        told.append(f"Présenter le projet à l’intercommunalité et au PETR du lieu du projet{named}.")
        told += [
            f"Joindre {entry.name} : {_said(entry)}."
            for entry in held
            if entry.item.startswith("acteur:") and entry.ways
        ]
        told += [f"Lire la fiche « {entry.name} »." for entry in held if entry.item.startswith("pratique:")]
        asked: dict[str, list[str]] = {}
        for entry in held:
            if entry.item.startswith("programme:"):
                who = entry.place.removeprefix(HELD_BY) if entry.place.startswith(HELD_BY) else desk
                who += f" ({_said(entry)})" if entry.ways else ""
                asked.setdefault(who or "PETR du lieu du projet", []).append(f"« {entry.name} »")
        told += [
            f"Demander si {enumerate_words(names)} {'sont ouverts' if names[1:] else 'est ouvert'}, "
            f"et à quelles conditions : {who}."
            for who, names in asked.items()
        ]
        silent = [entry.name for entry in held if entry.item.startswith("acteur:") and not entry.ways]
        if silent:
            way = f"demander à qui informe le territoire : {desk}" if desk else "demander au PETR du lieu du projet"
            told.append(f"Chercher comment joindre {enumerate_words(silent)}, sans contact imprimé : {way}.")
    return [*dict.fromkeys(told), LAST_STEP]


def _said(entry: Entry) -> str:
    return " ; ".join(words for words, _ in entry.ways)


def _reach(support: Mapping[str, str]) -> str:
    ways = (support[column] for column in ("contact_fonction", "courriel", "telephone"))
    return ", ".join(way for way in ways if way)


def mask(site: Site, basket: Basket) -> np.ndarray:
    """Return which actors a basket holds, in the order of ``site.actors.frame``."""
    return np.asarray(site.actors.frame.index.isin(basket.of("acteur")))


def points(site: Site, found: list[Entry]) -> dict[int, tuple[float, float]]:
    """Return the number of each entry that has a point -> its abscissa and ordinate (EPSG:2154, metres).

    A practice is at the commune that its document prints, from which its distance is measured.
    """
    rows = site.actors.frame[["x", "y"]]
    placed = {}
    for entry in found:
        kind, _, key = entry.item.partition(":")
        if kind == "acteur" and np.isfinite(x := float(rows.at[key, "x"])):
            placed[entry.number] = (x, float(rows.at[key, "y"]))
        elif kind == "pratique" and (there := practice_place(site, site.practices.by_id[key])):
            placed[entry.number] = there.xy
    return placed


def table(basket: Basket, found: list[Entry]) -> pd.DataFrame:
    """Return the entries as a table for reading; the project of each when there are several.

    Every cell is a text but the kilometres in a straight line, from the place of the question to one decimal.
    """
    titles = [
        "N°",
        "Nom",
        "Rôle",
        "Pourquoi",
        "À vol d’oiseau (km)",
        "Distance",
        "Ce que c’est",
        "Lieu",
        "Contact",
        "Votre note",
        "Source",
    ]
    lines = [
        (
            str(entry.number),
            entry.name,
            GROUPS[entry.group],
            " ; ".join(entry.why),
            "" if entry.km is None else round(entry.km, 1),
            entry.away,
            entry.what,
            entry.place,
            _said(entry) or NOT_GIVEN,
            entry.note,
            entry.source,
        )
        for entry in found
    ]
    frame = pd.DataFrame(lines, columns=titles, dtype=object)
    if any(entry.road for entry in found):
        roads = ["" if entry.road is None else round(entry.road.km, 1) for entry in found]
        frame.insert(list(frame).index("À vol d’oiseau (km)") + 1, "Par la route (km, IGN)", roads)
    if basket.others:
        frame.insert(1, "Projet", [basket.projects[entry.project].question for entry in found])
    return frame


def cover(site: Site, basket: Basket, found: list[Entry], link: str = "") -> pd.DataFrame:
    """Return what a basket is about and what to do next, as a table of two columns for reading."""
    where = places(site, basket)
    lines = []
    for at, project in enumerate(basket.projects):
        lines.append(("Projet", project.question or "Question non écrite dans le panier"))
        lines += [("Lieu", where[at].label)] if at in where else []
    lines += [("Panier en ligne", link)] if link else []
    lines += [("Prochaine étape", bound(step)) for step in steps(site, basket, found)]
    return pd.DataFrame(lines, columns=["Quoi", "Votre projet"], dtype=str)


def _actor(site: Site, basket: Basket, item: str, key: str) -> Entry:
    at = site.actors.frame.index.get_loc(key)
    row = site.rows[at]
    ways, email = _ways(site, row)
    state = "" if row["statut"] == "actif" else STATUTS[row["statut"]].lower()
    place = site.places[at]
    precision = PRECISIONS[row["precision_point"]] if site.nearby.placed[at] else "sans point"
    role = row["roles"].partition(LIST_SEPARATOR)[0]
    return Entry(
        item=item,
        number=0,
        group=_NAMES.get(role, role),
        name=row["nom"],
        what=" · ".join(part for part in (state, _words(row["types"], TYPES), _words(row["themes"], THEMES)) if part),
        place=", ".join(part for part in (row["adresse"], place) if part)
        + (f" ({precision[:1].lower()}{precision[1:]})" if precision.lower() != place.lower() else ""),
        description=row["description"],
        ways=ways,
        email=email,
        note=basket.notes.get(item, ""),
        page=f"carte?t=partout&n=epci&sel=acteur:{key}",
        project=basket.project(item),
        cites=tuple(site.cite(row["source"])),
    )


def _ways(site: Site, row: dict[str, str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return how to reach an organisation: its own contacts, then those that a table of supports prints."""
    supports = site.supports.frame
    offers = supports[supports["organisation"] == row["organisation"]] if len(supports) else supports
    lines = [dict(row, contact_fonction=""), *offers.to_dict("records")]
    ways: dict[str, str] = {}
    for line in lines:
        for words, address in (
            (f"fonction à demander : {line['contact_fonction']}" if line["contact_fonction"] else "", ""),
            (line["courriel"], f"mailto:{line['courriel']}" if links.mail(line["courriel"]) else ""),
            (line["telephone"], ""),
            (line["site_web"], links.web(line["site_web"])),
        ):
            if words:
                ways[words] = address
    emails = [line["courriel"] for line in lines if links.mail(line["courriel"])]
    return tuple(ways.items()), emails[0] if emails else ""


def _practice(site: Site, basket: Basket, item: str, key: str) -> Entry:
    sheet = site.practices.by_id[key]
    words = (PRACTICE_NATURES[sheet["nature"]], PRACTICE_STATES[sheet["etat"]])
    contact = sheet.get("contact", {})
    email = links.mail(contact.get("courriel", ""))
    web = links.web(contact.get("site_web", ""))
    paid, watched = money(sheet), sheet.get("points_de_vigilance", [])
    return Entry(
        item=item,
        number=0,
        group="pratiques",
        name=sheet["titre"],
        what=" · ".join((*words, ", ".join(THEMES[code] for code in sheet.get("themes", [])))),
        place=site.organisation_name(sheet["organisation"]) if sheet.get("organisation") in site.organisations else "",
        description=f"{sheet['resume']} Financement : {' ; '.join(paid) or NOT_GIVEN}."
        + (f" Points de vigilance : {' ; '.join(watched)}." if watched else ""),
        ways=tuple((words, address) for words, address in ((email, f"mailto:{email}"), (web, web)) if words),
        email=email,
        note=basket.notes.get(item, ""),
        page=f"inspirations?pr={key}",
        project=basket.project(item),
        cites=tuple(site.cite(sheet["source"])),
    )


def _programme(site: Site, basket: Basket, item: str, key: str) -> Entry:
    row = _programmes(site)[key]
    holders = [one for one in row["porteurs"].split(LIST_SEPARATOR) if one in site.organisations]
    when = (NATURES[row["nature"]], STATES[row["etat"]], date(row["date"]) if row["date"] else "")
    target = f" Pour : {row['beneficiaires']}." if row["beneficiaires"] else ""
    first = [site.rows[site.actors.frame.index.get_loc(site.organisations[one][0])] for one in holders[:1]]
    ways, email = _ways(site, first[0]) if first else ((), "")
    return Entry(
        item=item,
        number=0,
        group="programmes",
        name=row["nom"],
        what=" · ".join(part for part in (*when, _words(row["themes"], THEMES)) if part),
        place=HELD_BY + ", ".join(map(site.organisation_name, holders)) if holders else f"porteur {NOT_GIVEN}",
        description=f"{row['ce_que_c_est']}.{target}",
        ways=ways,
        email=email,
        note=basket.notes.get(item, ""),
        page="",
        project=basket.project(item),
        cites=tuple(site.cite(row["source"])),
    )


def _programmes(site: Site) -> dict[str, dict[str, str]]:
    frame = site.programmes.frame
    return {row["id"]: row for row in frame.to_dict("records")} if len(frame) else {}


def _words(cell: str, labels: dict[str, str]) -> str:
    return ", ".join(labels.get(code, code) for code in cell.split(LIST_SEPARATOR) if code)
