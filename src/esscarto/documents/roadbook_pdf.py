"""The roadbook of a tour as an A4 document: the day and its map, then a page for each stop, with room for notes."""

import dataclasses
import datetime
from urllib.parse import urlsplit

from esscarto import figures
from esscarto.basket import Basket
from esscarto.documents.pdf_code import draw_code
from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, MARGIN, SOFT, WIDTH, Document, Text, tidy
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.documents.sheet_pdf import LAYERS, LICENCE
from esscarto.dossier import entries
from esscarto.french import bound, date
from esscarto.questions import headcount, questions
from esscarto.schema import LIST_SEPARATOR
from esscarto.sheets.place import Place, around
from esscarto.site import Site
from esscarto.timetable import Timetable, Visit, due_hours, marks, road, said
from esscarto.tour_warnings import warnings
from esscarto.vocabulary import CATEGORIES, STATUTS, STATUTS_ESS, THEMES, TYPES, tranche_label

TITLE = "Carnet de route"
NOT_GIVEN = "non fourni par la source"
MOST_FIGURES = 6
MOST_LINKS = 8
CONTACT_LETTERS = 120
_CODE = 26.0
_NOTES = 34.0
"""Room for notes, in millimetres: the least that is kept at the foot of the page of a stop."""
_WIDTHS = [9.0, 33.0, 110.0, 32.0]
_MAP_HEIGHT = 86.0


def export(site: Site, table: Timetable, day: datetime.date, base: str = "", contact: str = "") -> bytes:
    """Return the roadbook as a PDF.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    table : Timetable
        The day.
    day : datetime.date
        The day of the document.
    base : str
        Address of the site, without its final slash, for the code that leads to each card; none by default.
    contact : str
        Whom to call on the day, as the organiser types it: it is written here and kept nowhere.
    """
    name = table.tour.name or "ESS Tour"
    pdf = Document(f"{name}, {TITLE.lower()}", day, f"esscarto · {TITLE} · {tidy(name)[:60]}")
    pdf.set_subject("Économie sociale et solidaire")
    pdf.add_page()
    _cover(pdf, site, table, day, name, contact)
    for visit in table.visits:
        _stop(pdf, site, visit, base)
    for actor, title in table.unplaced:
        _page(pdf, site, actor, f"Sans point sur la carte · {title}", "Hors de l’horaire : lieu à demander.", base)
    return bytes(pdf.output())


# ---- the cover


def _cover(pdf: Document, site: Site, table: Timetable, day: datetime.date, name: str, contact: str) -> None:
    pdf.start_section("La journée")
    pdf.paragraph(Text(f"{TITLE} · {table.tour.when or 'date à fixer'}", 10, colour=SOFT), after=0.5)
    pdf.paragraph(Text(name, 24 if len(name) < 40 else 17, "B", DEEP), after=1.5)
    pdf.paragraph(Text(table.sentence, 11), after=1)
    if contact:
        pdf.paragraph(Text(bound(f"En cas de besoin ce jour-là : {contact[:CONTACT_LETTERS]}"), 11, "B"), after=2)
    if table.path:
        top = pdf.y
        pdf.set_y(top + _route(pdf, site, table, top) + 1.5)
        pdf.paragraph(
            Text(bound(f"{table.method} Trait orange : l’ordre des visites. Le nord est en haut."), 7.5, "", SOFT)
        )
    pdf.heading("L’horaire", room=40)
    pdf.row([[Text(title, 7.5, "B", SOFT)] for title in ("N°", "Heure", "Étape", "Route")], _WIDTHS, DEEP)
    if table.start:
        pdf.row(_line("", said(table.leave), f"Départ de {table.start}", "", ""), _WIDTHS)
    for visit in table.visits:
        way = road(visit.km, visit.drive)
        pdf.row(_line(str(visit.number), due_hours(visit), visit.name, visit.where, way), _WIDTHS)
        if visit.lunch:
            pdf.row(_line("", f"{said(visit.lunch[0])} à {said(visit.lunch[1])}", "Déjeuner", "", ""), _WIDTHS)
    if table.end:
        way = road(table.home_km, table.home_drive)
        pdf.row(_line("", said(table.back), f"Arrivée à {table.end}", "", way), _WIDTHS)
    pdf.y += 2
    found = warnings(site, table, day)
    if found:
        pdf.heading("À vérifier avant de partir", room=24)
        for words in found:
            pdf.paragraph(Text(f"• {words}", 9), after=0.5)
    pdf.y += 1
    for words in (NOT_A_CENSUS, LAYERS, LICENCE):
        pdf.paragraph(Text(bound(words), 7.5, colour=SOFT), after=0.3)


def _line(rank: str, hour: str, name: str, place: str, road: str) -> list[list[Text]]:
    who = [Text(name, 9.5, "B" if rank else "")] + ([Text(place, 7.5, colour=SOFT)] if place else [])
    return [[Text(rank, 10, "B", DEEP)], [Text(hour, 9)], who, [Text(bound(road), 8, colour=SOFT)]]


def _route(pdf: Document, site: Site, table: Timetable, top: float) -> float:
    """Draw the map of the day and return its height: the ground, the way, the towns, then the numbers."""
    place = around(site, table.path)
    ground = dataclasses.replace(place, points=(), names=())
    height = draw_map(pdf, ground, MARGIN, top, WIDTH, _MAP_HEIGHT)
    scale = min(WIDTH / place.width, _MAP_HEIGHT / place.height)
    left = MARGIN + (WIDTH - place.width * scale) / 2
    pdf.set_draw_color("#b34700")
    pdf.set_line_width(0.5)
    pdf.polyline([(left + x * scale, top + y * scale) for x, y, _ in place.points])
    held = marks(table, place.points)
    shown = Place(place.width, place.height, (), tuple((x, y, 1) for x, y, _ in held), place.names)
    draw_map(pdf, shown, MARGIN, top, WIDTH, _MAP_HEIGHT, [words for *_, words in held])
    return height


# ---- a stop


def _stop(pdf: Document, site: Site, visit: Visit, base: str) -> None:
    title = f"{visit.number}. {visit.name}"
    drive = f" · {road(visit.km, visit.drive)} de route" if visit.drive else ""
    _page(pdf, site, visit.stop.actor, title, f"{due_hours(visit)}{drive}\n{visit.where}", base)


def _page(pdf: Document, site: Site, actor: str, title: str, where: str, base: str) -> None:
    row = site.rows[site.actors.frame.index.get_loc(actor)]
    pdf.add_page()
    pdf.start_section(tidy(title))
    top, address = pdf.y, _address(base, actor)
    room = WIDTH - (_CODE + 4 if address else 0)
    pdf.paragraph(Text(title, 17 if len(title) < 60 else 13, "B", DEEP), width=room, after=1)
    for words in where.split("\n"):
        pdf.paragraph(Text(bound(words), 10), width=room, after=0.4)
    if address:
        draw_code(pdf, address, MARGIN + WIDTH - _CODE, top - 2, _CODE)
        pdf.link(MARGIN + WIDTH - _CODE, top - 2, _CODE, _CODE, address)
        pdf.set_y(max(pdf.y, top + _CODE))
    pdf.y += 1
    for name, words in _facts(site, actor, row):
        pdf.row([[Text(name, 8, colour=SOFT)], [Text(words, 9)]], [36.0, WIDTH - 36.0])
    if row["description"]:
        pdf.heading("Ce qu’on y voit", 1)
        pdf.paragraph(Text(row["description"], 9.5))
    _figures(pdf, site, row["organisation"])
    _links(pdf, site, row["organisation"])
    pdf.heading("À demander", 1)
    for one in questions(site, actor):
        pdf.paragraph(Text(f"• {one.words}", 9, link=""), after=0.2)
        if one.source:
            pdf.paragraph(Text(site.say_source(one.source), 7, colour=SOFT), MARGIN + 2.5, WIDTH - 2.5, after=0.6)
    pdf.paragraph(Text(f"Source de la fiche : {site.say_source(row['source'])}.", 7.5, colour=SOFT))
    _notes(pdf)


def _facts(site: Site, actor: str, row: dict[str, str]) -> list[tuple[str, str]]:
    category = str(site.actors.category[actor])
    family = "" if category == "autre" else CATEGORIES[category]
    ess = STATUTS_ESS[row["statut_ess"]]
    size = row["effectif_imprime"] or (tranche_label(row["tranche_effectif"]) if row["tranche_effectif"] else "")
    whole = headcount(site, row["organisation"])
    size = size or (f"{whole}, chiffre de l’organisation" if whole else NOT_GIVEN)
    state = STATUTS[row["statut"]] + (f" ({date(row['statut_date'])})" if row["statut_date"] else "")
    ways = " ; ".join(words for words, _ in entries(site, Basket((f"acteur:{actor}",)))[0].ways)
    what = (family, ess, _words(row["types"], TYPES))
    return [
        ("Ce que c’est", " · ".join(dict.fromkeys(part for part in what if part)) or NOT_GIVEN),
        ("Thèmes", _words(row["themes"], THEMES) or NOT_GIVEN),
        ("Salariés", size),
        ("État", state),
        ("Joindre", ways or f"contact {NOT_GIVEN}"),
    ]


def _figures(pdf: Document, site: Site, organisation: str) -> None:
    found = site.figures.about(f"acteur:{organisation}")
    if not found:
        return
    pdf.heading(bound(f"Les chiffres de l’organisation : {site.organisation_name(organisation)}"), 1)
    widths = [80.0, 44.0, WIDTH - 124.0]
    for row in found[:MOST_FIGURES]:
        cells = (Text(row["libelle"], 8.5), Text(figures.say(row), 8.5, "B"))
        where = Text(f"{figures.year(row)} · {site.say_source(row['source'])}", 7, colour=SOFT)
        pdf.row([[cells[0]], [cells[1]], [where]], widths)
    _more(pdf, len(found) - MOST_FIGURES)


def _links(pdf: Document, site: Site, organisation: str) -> None:
    found = site.network.of(organisation)
    if not found:
        return
    pdf.heading("Ses partenaires et ses liens", 1)
    for link in found[:MOST_LINKS]:
        rest = ", ".join(part for part in (link.about, link.when) if part)
        words = f"{link.words} {site.organisation_name(link.organisation)}"
        pdf.row(
            [[Text(words, 8.5)], [Text(rest, 7.5, colour=SOFT)], [Text(site.say_source(link.source), 7, colour=SOFT)]],
            [80.0, 44.0, WIDTH - 124.0],
        )
    _more(pdf, len(found) - MOST_LINKS)


def _more(pdf: Document, rest: int) -> None:
    if rest > 0:
        pdf.paragraph(Text(f"et {rest} de plus : voir la fiche en ligne.", 7.5, colour=SOFT))


def _notes(pdf: Document) -> None:
    """Rule what is left of the page, or a new one when too little is."""
    if pdf.y + _NOTES > pdf.bottom:
        pdf.add_page()
    pdf.heading("Notes", 1, room=20)
    pdf.set_draw_color("#d5d1c5")
    pdf.set_line_width(0.2)
    line = pdf.y + 7
    while line < pdf.bottom - 2:
        pdf.line(MARGIN, line, MARGIN + WIDTH, line)
        line += 8


def _address(base: str, actor: str) -> str:
    """Return where the card of an actor is, an empty text when the address of the site is not known."""
    known = urlsplit(base).scheme in ("http", "https") and urlsplit(base).netloc
    return f"{base}/carte?t=partout&n=epci&sel=acteur:{actor}" if known else ""


def _words(cell: str, words: dict[str, str]) -> str:
    return ", ".join(words.get(code, code) for code in cell.split(LIST_SEPARATOR) if code)
