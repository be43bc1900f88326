"""What a basket holds, in words: each result in its role, how to reach it, where it comes from, what to do next."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from esscarto import links
from esscarto.asking import BY_ROAD, Item, Place
from esscarto.basket import Basket
from esscarto.french import NBSP, bound, date, number
from esscarto.partners import parse_asked, reasons
from esscarto.practices import NATURES as PRACTICE_NATURES
from esscarto.practices import STATES as PRACTICE_STATES
from esscarto.programmes import NATURES, STATES
from esscarto.schema import LIST_SEPARATOR
from esscarto.sheets.model import Cited
from esscarto.site import Site
from esscarto.vocabulary import PRECISIONS, STATUTS, THEMES, TYPES

GROUPS = {
    "operateur": "Opérateurs",
    "partenaire": "Partenaires",
    "reseau": "Réseaux",
    "accompagnement": "Accompagnement",
    "financement": "Financement",
    "collectivite": "Collectivités",
    "pratique": "Pratiques faites ailleurs",
    "programme": "Fonds, appels et dispositifs",
}
"""Groups of a dossier, in its order: those of an actor are its first role."""
NOT_GIVEN = "non fourni par la source"
LAST_STEPS = (
    "Présenter le projet à l’intercommunalité et au PETR du lieu du projet.",
    "Vérifier chaque adresse et chaque contact avant de s’y fier : leur date est celle de leur source.",
)


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
    step: str
    page: str
    """Address of its page on the site, without its base."""
    why: tuple[str, ...] = ()
    """Why it answers the question that the basket comes from; none without that question."""
    away: str = ""
    """How far it is from the place of that question, in words."""


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


def entries(site: Site, basket: Basket) -> list[Entry]:
    """Return what a basket holds that the site knows, in the order of the visitor."""
    makers = {"acteur": _actor, "pratique": _practice, "programme": _programme}
    found = [
        makers[item.partition(":")[0]](site, basket, item, item.partition(":")[2])
        for item in basket.items
        if known(site, item)
    ]
    asked = parse_asked(site, basket.asked)
    if asked is None:
        return found
    said = reasons(site, asked, [entry.item for entry in found])
    return [
        replace(entry, why=tuple(map(bound, said[entry.item].why)), away=_away(said[entry.item], asked.place))
        for entry in found
    ]


def _away(item: Item, place: Place) -> str:
    if item.km is None:
        return ""
    road = f", environ {number(item.km * BY_ROAD)}{NBSP}km par la route" if item.km else ""
    return f"à {number(item.km, 1)}{NBSP}km à vol d’oiseau de {place.label}{road}"


def by_group(found: list[Entry]) -> dict[str, list[Entry]]:
    """Return the entries of each group that has some, in the order of :data:`GROUPS`."""
    groups = {title: [entry for entry in found if entry.group == code] for code, title in GROUPS.items()}
    return {title: held for title, held in groups.items() if held}


def mask(site: Site, basket: Basket) -> np.ndarray:
    """Return which actors a basket holds, in the order of ``site.actors.frame``."""
    return np.asarray(site.actors.frame.index.isin(basket.of("acteur")))


def points(site: Site, found: list[Entry]) -> dict[int, tuple[float, float]]:
    """Return the number of each entry that has a point -> its abscissa and ordinate (EPSG:2154, metres)."""
    rows = site.actors.frame[["x", "y"]]
    placed = {}
    for entry in found:
        kind, _, key = entry.item.partition(":")
        if kind == "acteur" and np.isfinite(x := float(rows.at[key, "x"])):
            placed[entry.number] = (x, float(rows.at[key, "y"]))
    return placed


def table(found: list[Entry]) -> pd.DataFrame:
    """Return the entries as a table for reading, every cell a text."""
    titles = ["N°", "Nom", "Rôle", "Pourquoi", "Distance", "Ce que c’est", "Lieu", "Contact", "Votre note", "Source"]
    lines = [
        (
            str(entry.number),
            entry.name,
            GROUPS[entry.group],
            " ; ".join(entry.why),
            entry.away,
            entry.what,
            entry.place,
            " ; ".join(words for words, _ in entry.ways) or NOT_GIVEN,
            entry.note,
            entry.source,
        )
        for entry in found
    ]
    return pd.DataFrame(lines, columns=titles, dtype=str)


def _actor(site: Site, basket: Basket, item: str, key: str) -> Entry:
    row = site.rows[site.actors.frame.index.get_loc(key)]
    ways, email = _ways(site, row)
    state = "" if row["statut"] == "actif" else STATUTS[row["statut"]].lower()
    reach = f"Joindre {row['nom']} : {' ; '.join(words for words, _ in ways)}."
    place = site.places[site.actors.frame.index.get_loc(key)]
    precision = PRECISIONS[row["precision"]].lower()
    return Entry(
        item=item,
        number=basket.number(item),
        group=row["roles"].partition(LIST_SEPARATOR)[0],
        name=row["nom"],
        what=" · ".join(part for part in (state, _words(row["types"], TYPES), _words(row["themes"], THEMES)) if part),
        place=", ".join(part for part in (row["adresse"], place) if part)
        + (f" ({precision})" if precision != place else ""),
        description=row["description"],
        ways=ways,
        email=email,
        note=basket.notes.get(item, ""),
        step=reach if ways else f"Chercher comment joindre {row['nom']} : contact {NOT_GIVEN}.",
        page=f"carte?t=partout&n=epci&sel=acteur:{key}",
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
    watch = ", ses points de vigilance" if sheet.get("points_de_vigilance") else ""
    money = " et son financement" if sheet.get("financements") else ""
    return Entry(
        item=item,
        number=basket.number(item),
        group="pratique",
        name=sheet["titre"],
        what=" · ".join((*words, ", ".join(THEMES[code] for code in sheet.get("themes", [])))),
        place=site.organisation_name(sheet["organisation"]) if sheet.get("organisation") in site.organisations else "",
        description=sheet["resume"],
        ways=tuple((words, address) for words, address in ((email, f"mailto:{email}"), (web, web)) if words),
        email=email,
        note=basket.notes.get(item, ""),
        step=f"Lire la fiche « {sheet['titre']} »{watch}{money}.",
        page=f"inspirations?pr={key}",
        cites=tuple(site.cite(sheet["source"])),
    )


def _programme(site: Site, basket: Basket, item: str, key: str) -> Entry:
    row = _programmes(site)[key]
    holders = [
        site.organisation_name(one) for one in row["porteurs"].split(LIST_SEPARATOR) if one in site.organisations
    ]
    when = (NATURES[row["nature"]], STATES[row["etat"]], date(row["date"]) if row["date"] else "")
    target = f" Pour : {row['beneficiaires']}." if row["beneficiaires"] else ""
    who = ", ".join(holders)
    return Entry(
        item=item,
        number=basket.number(item),
        group="programme",
        name=row["nom"],
        what=" · ".join(part for part in (*when, _words(row["themes"], THEMES)) if part),
        place=f"porté par {who}" if who else f"porteur {NOT_GIVEN}",
        description=f"{row['ce_que_c_est']}.{target}",
        ways=(),
        email="",
        note=basket.notes.get(item, ""),
        step=f"Demander {f'à {who}' if who else 'au PETR'} si « {row['nom']} » est ouvert, et à quelles conditions.",
        page="",
        cites=tuple(site.cite(row["source"])),
    )


def _programmes(site: Site) -> dict[str, dict[str, str]]:
    frame = site.programmes.frame
    return {row["id"]: row for row in frame.to_dict("records")} if len(frame) else {}


def _words(cell: str, labels: dict[str, str]) -> str:
    return ", ".join(labels.get(code, code) for code in cell.split(LIST_SEPARATOR) if code)
