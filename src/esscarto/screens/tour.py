"""A tour of visits, told stop after stop: who it is, the figures of its commune, what comes next."""

import numpy as np

from esscarto import figures
from esscarto.french import bound, count, long_date, number
from esscarto.metrics import INDICATORS
from esscarto.schema import LIST_SEPARATOR
from esscarto.screens.model import Deck, Fact, Line, Screen, View, populations
from esscarto.screens.territory import DIRECTORY
from esscarto.sheets.known import HEADCOUNT
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.timetable import Timetable, Visit, due_hours, road, said
from esscarto.vocabulary import CATEGORIES, STATUTS, THEMES, TYPES, tranche_label

MOST_FIGURES = 2
"""Published figures of an organisation that its screen shows in big type; the roadbook has them all."""


def deck(site: Site, table: Timetable) -> Deck:
    """Return the screens of a tour: the day, one for each stop, those without a point last.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    table : Timetable
        The day.
    """
    everyone = np.ones(len(site.actors), dtype=bool)
    stops = [_stop(site, table, visit, everyone) for visit in table.visits]
    apart = [
        _screen(site, actor, "Hors de l’horaire : sans point sur la carte", everyone) for actor, _ in table.unplaced
    ]
    return Deck("tour", "Présenter le tour", (_cover(table), *stops, *apart))


def _cover(table: Timetable) -> Screen:
    lines = [Line(f"Départ de {table.start}", said(table.leave))] if table.start else []
    for visit in table.visits:
        lines.append(Line(f"{visit.number}. {visit.name}", f"{due_hours(visit)}, {visit.where}"))
        if visit.lunch:
            lines.append(Line("Déjeuner", f"{said(visit.lunch[0])} à {said(visit.lunch[1])}"))
    lines += [Line(f"Arrivée à {table.end}", said(table.back))] if table.end else []
    first = table.visits[0] if table.visits else None
    return Screen(
        title=table.tour.name or "ESS Tour",
        over=long_date(table.tour.day).capitalize() if table.tour.day else "Date à fixer",
        lead=table.sentence,
        lines=tuple(lines),
        list_title="Les visites, dans l’ordre",
        next=_way(first) if first else "",
        sources=(table.method, DIRECTORY),
        view=View(),
    )


def _stop(site: Site, table: Timetable, visit: Visit, everyone: np.ndarray) -> Screen:
    after = table.visits[visit.number] if visit.number < len(table.visits) else None
    lunch = f"Déjeuner à {said(visit.lunch[0])}, puis " if visit.lunch else ""
    if after:
        then = f"{lunch}{_way(after)}"
    else:
        then = lunch + (f"{table.end}, {said(table.back)}" if table.end else f"fin de la journée, {said(table.back)}")
    over = f"Visite {visit.number} sur {len(table.visits)} · {due_hours(visit)}"
    return _screen(site, visit.stop.actor, over, everyone, visit, then)


def _way(visit: Visit) -> str:
    way = f" ({road(visit.km, visit.drive)})" if visit.drive else ""
    return bound(f"{visit.number}. {visit.name}, {said(visit.begin)}{way}")


def _screen(
    site: Site, actor: str, over: str, everyone: np.ndarray, visit: Visit | None = None, then: str = ""
) -> Screen:
    at = site.actors.frame.index.get_loc(actor)
    row, frame = site.rows[at], site.actors.frame
    category = site.categories[at]
    # That no source prints the family is no news for a room.
    what = [
        *([CATEGORIES[category]] if category != "autre" else []),
        *(TYPES.get(code, code) for code in _codes(row["types"])),
    ]
    themes = [THEMES[code].lower() for code in _codes(row["themes"]) if code in THEMES]
    published = [
        Fact(figures.say(one), one["libelle"], _cite(site, one), figures.year(one))
        for one in site.figures.about(f"acteur:{row['organisation']}")
        if one["valeur"] and not (one["indicateur"] == HEADCOUNT and row["tranche_effectif"])
    ]
    code = row["tranche_effectif"]
    facts = [Fact(tranche_label(code), "tranche d’effectif imprimée", _cite(site, row))] if code else []
    facts += published[:MOST_FIGURES] + _around(site, frame.at[actor, "code_insee"], everyone)
    state = "" if row["statut"] == "actif" else f"{STATUTS[row['statut']]}. "
    links = site.network.of(row["organisation"])
    partners = f"{count(len(links), 'lien imprimé', 'liens imprimés')} avec d’autres organisations." if links else ""
    about = f"Thèmes : {', '.join(themes)}." if themes else ""
    size = f"Effectif imprimé : {row['effectif_imprime']}." if row["effectif_imprime"] and not code else ""
    where = visit.where if visit else site.places[at]
    return Screen(
        title=row["nom"],
        over=bound(over),
        lead=bound(f"{state}{' · '.join(dict.fromkeys(what))}{'. ' if what else ''}{where}."),
        facts=tuple(facts),
        remark=bound(" ".join(part for part in (row["description"], about, size, partners) if part)),
        next=bound(then),
        sources=(_cite(site, row),),
        view=View(point=(visit.lon, visit.lat) if visit else None, actors=frame.index == actor),
    )


def _around(site: Site, code: str, everyone: np.ndarray) -> list[Fact]:
    """Return the key figures of the commune of a stop, and of its intercommunalité."""
    if not code or code not in site.territories.communes.index:
        return []
    commune = Territory("commune", code)
    facts = []
    for one in (commune, site.territories.parent(commune)):
        if one is None:
            continue
        counts = site.counter(one.level).counts(everyone)
        known = int(INDICATORS["acteurs"].value(counts, one.code))
        name, people = site.territories.name(one), int(site.territories.row(one)["population"])
        source = f"{DIRECTORY} ; {populations(site)}"
        if known:
            label = f"{'acteur connu' if known < 2 else 'acteurs connus'} de l’ESS, {name}"
            facts.append(Fact(number(known), label, source, count(people, "habitant")))
        else:
            facts.append(Fact(number(people), f"habitants, {name}", source, "aucun acteur de l’ESS connu"))
    return facts


def _codes(cell: str) -> list[str]:
    return [code for code in cell.split(LIST_SEPARATOR) if code]


def _cite(site: Site, row: dict[str, str]) -> str:
    return site.say_source(row["source"])
