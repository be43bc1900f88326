"""The map to take away: code, boundaries, actors, and a tour when there is one, in one HTML file that asks no host."""

import base64
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from esscarto import french
from esscarto.actors import Actors
from esscarto.cartography import layers, packages
from esscarto.cartography.classes import CLASS_KEYS, RAMP, ZERO, ZERO_COLOUR
from esscarto.cartography.symbols import data_uri
from esscarto.documents.selection import LICENCE, LICENCE_URL, NOT_A_CENSUS, REUSE, Selection
from esscarto.feedback import FOLLOW_UPS_LETTERS, NOTES_LETTERS
from esscarto.filters import FACETS
from esscarto.offline import decks as presented
from esscarto.places import commune_place
from esscarto.questions import questions
from esscarto.schema import LIST_SEPARATOR
from esscarto.screens.model import Deck
from esscarto.site import Site
from esscarto.territories import LEVEL_COLUMNS, Territories, Territory
from esscarto.timetable import Timetable, due_hours, road, said

_HERE = Path(__file__).resolve().parent
_FACETS = ("th", "ty", "f")
EVERYWHERE = "tout l’annuaire"
_LEVELS = {"epci": "Intercommunalités", "commune": "Communes"}
NAMES = {"D": "départ", "A": "arrivée", "D/A": "départ et arrivée"}
"""Letters of the ends of a day on the map."""
_UPPERS = (1, 2, 5, 10, None)
"""The classes do not move with the filters: a colour always says the same number of actors."""

_ENGINE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_HERE),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENGINE.filters["lie"] = french.bound


def export(
    selection: Selection, table: Timetable | None = None, decks: Sequence[Deck] = (), opens: str = "", contact: str = ""
) -> bytes:
    """Return one HTML file (UTF-8): the map, its filters, its list, its date and its sources.

    The map is that of the application, drawn by the same ``esscarto.js``, around ``selection.territory``: its
    communes, or its EPCI when it is as wide as a département. Coordinates are in degrees (EPSG:4326). Names stand
    in blocks of JSON where no tag can end or begin. The policy of the file lets its own script run and no other,
    and no host be asked.

    Parameters
    ----------
    selection : Selection
        The actors, and the territory that the map is drawn around.
    table : Timetable, optional
        A tour that the file carries: its way on the map, its hours, a notebook.
    decks : sequence of Deck
        What can be presented from it, screen after screen.
    opens : str
        Key of the deck that the file opens on; on the map by default.
    contact : str
        Whom to call on the day of the tour, as the organiser types it: it is written in the file and kept nowhere.
    """
    site, frame = selection.site, selection.site.actors.frame
    kept = dataclasses.replace(site, actors=Actors(frame[selection.mask]))
    centre = selection.territory or _widest(kept)
    sheet = site.territories.sheet_of(centre)
    level = "commune" if sheet.level in ("petr", "epci", "commune") else "epci"
    tour = table if table and table.visits else None
    bounds = presented.way_bounds(tour) if tour else layers.bounds_of(site.territories, centre)
    with_communes = level == "commune" or "commune" in presented.levels(decks)
    scripts = ["offline.js", *(["tour.js"] if tour else []), *(["deck.js"] if decks else [])]
    script = packages.script([_HERE / name for name in scripts])
    place = site.territories.title(centre) if selection.territory else EVERYWHERE
    html = _ENGINE.get_template("page.html").render(
        lieu=place,
        jour=french.date(selection.day.isoformat()),
        selection=french.clean(selection.sentence),
        facettes=[_facet(kept, key) for key in _FACETS],
        territoires=_offered(site.territories, centre, level),
        sources=selection.sources.to_dict("records"),
        licence=LICENCE,
        licence_url=LICENCE_URL,
        reutilisation=REUSE,
        portee=NOT_A_CENSUS,
        blocs={
            "acteurs": _inert(layers.actors_json(kept)),
            "contours": _inert(layers.outlines_json(site.territories, sheet)),
            "communes": _inert(layers.communes_json(site.territories, sheet) if with_communes else "null"),
            "page": _inert(layers.dump(_index(kept, centre, sheet, level) | {"ouvre": opens})),
            **({"etapes": _inert(layers.dump(_stops(site, tour)))} if tour else {}),
            **(
                {"vues": _inert(layers.dump(presented.messages(site, decks, selection.mask, sheet, bounds)))}
                if decks
                else {}
            ),
        },
        jeux=decks,
        tour=_tour(site, tour) | {"contact": contact} if tour else None,
        source=site.say_source,
        lettres={"notes": NOTES_LETTERS, "suites": FOLLOW_UPS_LETTERS},
        symbole=data_uri,
        style=Markup(packages.style([_HERE / "offline.css"])),
        script=Markup(script),
        empreinte=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return html.encode()


def _tour(site: Site, table: Timetable) -> dict[str, Any]:
    """Return what the page says of a tour."""
    return {
        "nom": table.tour.name,
        "jour": french.long_date(table.tour.day).capitalize() if table.tour.day else "Date à fixer",
        "depart": f"Départ de {table.start}, {said(table.leave)}." if table.start else "",
        "arrivee": f"Arrivée à {table.end}, {said(table.back)}." if table.end else "",
        "phrase": table.sentence,
        "methode": table.method,
        "visites": [
            {
                "rang": visit.number,
                "acteur": visit.stop.actor,
                "nom": visit.name,
                "heures": due_hours(visit),
                "questions": questions(site, visit.stop.actor),
                "lieu": visit.where,
                "route": road(visit.km, visit.drive),
                "dejeuner": f"{said(visit.lunch[0])} à {said(visit.lunch[1])}" if visit.lunch else "",
            }
            for visit in table.visits
        ],
    }


def _stops(site: Site, table: Timetable) -> dict[str, Any]:
    """Return what the script draws and exports of a tour; points in degrees (EPSG:4326)."""
    name = french.fold(table.tour.name).replace(" ", "-") or "ess-tour"
    places = {"D": table.tour.start, "A": table.tour.end}
    ends = {
        letter: (place.lat, place.lon)
        for letter, code in places.items()
        if code and (place := commune_place(site, code))
    }
    visits = [(visit.lat, visit.lon) for visit in table.visits]
    way = [*([ends["D"]] if "D" in ends else []), *visits, *([ends["A"]] if "A" in ends else [])]
    # A day that ends where it starts has one mark for both.
    letters = {point: "/".join(letter for letter in ends if ends[letter] == point) for point in ends.values()}
    return {
        "nom": table.tour.name,
        "jour": table.tour.day.isoformat() if table.tour.day else "",
        "fichier": f"esscarto-notes-{name}.csv",
        "chemin": [[round(lat, 5), round(lon, 5)] for lat, lon in way],
        "bouts": [
            {"lettre": letter, "nom": f"{letter} : {NAMES[letter]}", "lat": round(lat, 5), "lon": round(lon, 5)}
            for (lat, lon), letter in letters.items()
        ],
        "visites": [
            {
                "rang": visit.number,
                "acteur": visit.stop.actor,
                "nom": visit.name,
                "lat": round(visit.lat, 5),
                "lon": round(visit.lon, 5),
            }
            for visit in table.visits
        ],
    }


def _widest(site: Site) -> Territory:
    """Return the région where most of the actors are: the ground of the whole directory."""
    regions = site.actors.frame[LEVEL_COLUMNS["region"]].dropna()
    known = regions[regions.isin(site.territories.layers["region"].index)]
    return Territory("region", str(known.mode().iloc[0] if len(known) else site.territories.layers["region"].index[0]))


def _facet(site: Site, key: str) -> dict[str, Any]:
    facet = FACETS[key]
    values = [
        {"code": code, "titre": facet.labels[code], "dit": facet.say((code,))} for code in site.index.present[key]
    ]
    return {"cle": key, "titre": facet.title, "valeurs": values}


def _offered(territories: Territories, centre: Territory, level: str) -> list[dict[str, Any]]:
    """Return the territories inside the one shown, level by level, as a list of choices."""
    levels = [name for name in _LEVELS if name != "commune" or level == "commune"]
    return [
        {"titre": _LEVELS[name], "choix": [(str(one), territories.title(one)) for one in inside]}
        for name in levels
        if len(inside := _inside(territories, centre, name)) > 1
    ]


def _inside(territories: Territories, centre: Territory, level: str) -> list[Territory]:
    found = [Territory(level, str(code)) for code in territories.children(centre, level)]
    return sorted(found, key=lambda one: french.sort_key(territories.title(one)))


def _index(site: Site, centre: Territory, sheet: Territory, level: str) -> dict[str, Any]:
    """Return what the filters read: for each actor its territories, its values and its words, all as codes."""
    territories, frame = site.territories, site.actors.frame
    columns = frame.assign(categorie=site.actors.category)
    inside = [centre, *(one for name in _LEVELS for one in _inside(territories, centre, name))]
    return {
        "centre": str(centre),
        "niveau": level,
        "codes": territories.children(sheet, level).tolist(),
        "dedans": territories.children(centre, level).tolist(),
        "lieux": {name: frame[LEVEL_COLUMNS[name]].fillna("").tolist() for name in _LEVELS},
        "bornes": {str(one): layers.bounds_of(territories, one) for one in inside},
        "valeurs": {key: [_codes(cell, FACETS[key].labels) for cell in columns[FACETS[key].column]] for key in _FACETS},
        "mots": site.actors.searchable,
        "legende": [{"k": ZERO, "c": ZERO_COLOUR, "t": "0", "max": 0}, *_classes()],
    }


def _codes(cell: str, labels: Mapping[str, str]) -> list[str]:
    return [code.strip() for code in cell.split(LIST_SEPARATOR) if code.strip() in labels]


def _classes() -> list[dict[str, Any]]:
    classes, low = [], 1
    for key, colour, upper in zip(CLASS_KEYS, RAMP, _UPPERS, strict=True):
        words = f"{low} et plus" if upper is None else f"{low}" if upper == low else f"{low} à {upper}"
        classes.append({"k": key, "c": colour, "t": words, "max": upper})
        low = (upper or 0) + 1
    return classes


def _inert(text: str) -> Markup:
    """Return JSON that ends no script and begins no comment: in JSON, « < » stands only inside texts."""
    return Markup(text.replace("<", "\\u003c"))
