"""The dossier of a basket as an A4 document: the question, the results by role and their map, what to do next."""

import dataclasses
import datetime

from esscarto.basket import Basket
from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, INK, MARGIN, SOFT, WIDTH, Document, Text
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.documents.sheet_pdf import LAYERS, LICENCE, References
from esscarto.dossier import NOT_GIVEN, Entry, Roads, by_group, entries, no_roads, places, points, steps
from esscarto.french import NBSP, bound, count, date
from esscarto.sheets.place import around
from esscarto.site import Site

TITLE = "Dossier de partenaires"
_WIDTHS = [8.0, 100.0, 50.0, 26.0]
_TITLES = ("N°", "Qui, quoi, où", "Contact", "Source")
_MAP_HEIGHT = 92.0
_KEY = (
    "Les numéros sont ceux des listes, « Projet » est le lieu de la question ; sans adresse connue, un acteur est au "
    "point de sa commune. Traits fins : intercommunalités ; traits épais : PETR. Le nord est en haut."
)
UNWRITTEN = "Question non écrite dans le panier."
_TITLED = 17.0
"""Millimetres that a title and the titles of its columns take, above the first result that stays with them."""
_TOGETHER = 14.0
"""Units of the drawing under which two points are shown as one, with both numbers."""


def export(site: Site, basket: Basket, day: datetime.date, link: str = "", roads: Roads = no_roads) -> bytes:
    """Return the dossier as a PDF.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    basket : Basket
        What is kept, its order and its notes.
    day : datetime.date
        The day of the dossier.
    link : str
        Address of the basket on the site, to print it; none by default.
    roads : callable
        The roads that are known, as :func:`esscarto.dossier.entries` asks for them.
    """
    found = entries(site, basket, roads)
    pdf = Document(TITLE, day, f"esscarto · {TITLE}")
    pdf.set_subject("Économie sociale et solidaire")
    pdf.add_page()
    references = References()
    _head(pdf, basket, found, day, link)
    _map(pdf, site, basket, found)
    for at, project in enumerate(basket.projects):
        if basket.others:
            pdf.heading(project.question or UNWRITTEN, room=3 * _TITLED)
        for title, held in by_group([entry for entry in found if entry.project == at]).items():
            rows = [_cells(entry, references) for entry in held]
            pdf.heading(title, 1 if basket.others else 0, _TITLED + pdf.height(rows[0], _WIDTHS))
            pdf.row([[Text(name, 7.5, "B", SOFT)] for name in _TITLES], _WIDTHS, DEEP)
            for row in rows:
                pdf.row(row, _WIDTHS)
    _steps(pdf, steps(site, basket, found))
    _sources(pdf, references)
    return bytes(pdf.output())


def _head(pdf: Document, basket: Basket, found: list[Entry], day: datetime.date, link: str) -> None:
    pdf.start_section(TITLE)
    pdf.paragraph(Text(f"esscarto · {date(day.isoformat())}", 8.5, colour=SOFT))
    pdf.paragraph(Text(TITLE, 22, "B", DEEP))
    pdf.paragraph(Text("Les projets" if basket.others else "Le projet", 8, colour=SOFT), after=0)
    for project in basket.projects:
        pdf.paragraph(Text(project.question or UNWRITTEN, 12, "B"), after=2)
    said = ", ".join(f"{title[:1].lower()}{title[1:]} ({len(held)})" for title, held in by_group(found).items())
    pdf.paragraph(Text(bound(f"{count(len(found), 'résultat gardé', 'résultats gardés')} : {said}."), 9.5))
    if link:
        pdf.paragraph(Text(f"En ligne : {link}", 8, colour=SOFT, link=link))


def _map(pdf: Document, site: Site, basket: Basket, found: list[Entry]) -> None:
    """Draw where the projects and the results are, these under the numbers that they have in the lists."""
    placed = points(site, found)
    pdf.heading("Où ils sont", room=_MAP_HEIGHT + 16)
    if not placed:
        pdf.paragraph(Text("Aucun des résultats n’a de point : leurs sources ne donnent pas de lieu assez précis.", 9))
        return
    projects = {
        f"Projet {at + 1}" if basket.others else "Projet": place.xy for at, place in places(site, basket).items()
    }
    shown_at = {**projects, **{str(number): xy for number, xy in placed.items()}}
    drawing = around(site, list(shown_at.values()))
    groups: list[tuple[tuple[float, float, int], list[str]]] = []
    for point, number in zip(drawing.points, shown_at, strict=True):
        near = next((held for first, held in groups if _touch(first, point)), None)
        if near is None:
            groups.append((point, [number]))
        else:
            near.append(number)
    shown = dataclasses.replace(drawing, points=tuple(point for point, _ in groups))
    top = pdf.y
    labels = [", ".join(numbers) for _, numbers in groups]
    tall = draw_map(pdf, shown, MARGIN, top, WIDTH, _MAP_HEIGHT, labels)
    pdf.set_y(top + tall + 1.5)
    absent = [str(entry.number) for entry in found if entry.number not in placed]
    pdf.paragraph(Text(bound(_KEY), 7.5, colour=SOFT), after=0.4)
    if absent:
        pdf.paragraph(Text(bound(f"Sans point sur la carte : n° {', '.join(absent)}."), 7.5, colour=SOFT))


def _touch(one: tuple[float, float, int], other: tuple[float, float, int]) -> bool:
    return abs(one[0] - other[0]) < _TOGETHER and abs(one[1] - other[1]) < _TOGETHER / 2


def _cells(entry: Entry, references: References) -> list[list[Text]]:
    who = [Text(entry.name, 9.5, "B")]
    who += [Text(text, 7.5, colour=SOFT) for text in (entry.what, entry.place) if text]
    who += [Text(f"Pourquoi{NBSP}: {' ; '.join(entry.why)}.", 8.5, colour=DEEP)] if entry.why else []
    who += [Text(f"Distance{NBSP}: {entry.away}.", 8.5, colour=DEEP)] if entry.away else []
    who += [Text(bound(entry.description), 8.5)] if entry.description else []
    who += [Text(f"Votre note{NBSP}: {entry.note}", 8.5, "I", DEEP)] if entry.note else []
    ways = [Text(words, 8.5, link=address) for words, address in entry.ways]
    if not ways:
        ways = [Text(NOT_GIVEN, 8.5, colour=SOFT)]
    return [
        [Text(str(entry.number), 10, "B", DEEP)],
        who,
        ways,
        [Text(references.cite(entry), 7.5, colour=SOFT)],
    ]


def _steps(pdf: Document, told: list[str]) -> None:
    """Write what to do next, each with a box to tick."""
    pdf.heading("Prochaines étapes", room=30)
    for step in told:
        text = Text(bound(step), 9.5, colour=INK)
        lines = pdf.lines(text, WIDTH - 7)
        if pdf.y + text.line * len(lines) > pdf.bottom:
            pdf.add_page()
        pdf.set_draw_color(DEEP)
        pdf.set_line_width(0.3)
        pdf.rect(MARGIN + 0.5, pdf.y + 0.6, 3, 3)
        pdf.paragraph(text, MARGIN + 7, WIDTH - 7, after=1.6)


def _sources(pdf: Document, references: References) -> None:
    pdf.heading("Sources et réserves")
    said = "Après le numéro d’un document, les nombres sont ceux de ses lignes."
    pdf.paragraph(Text(said, 8, colour=SOFT), after=0.4)
    for at, document in enumerate(references.documents, start=1):
        pdf.paragraph(Text(f"[{at}] {document}.", 8), after=0.4)
    for words in (NOT_A_CENSUS, LAYERS, LICENCE):
        pdf.paragraph(Text(bound(words), 8), after=0.4)
