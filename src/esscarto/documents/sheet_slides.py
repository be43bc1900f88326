"""The sheet of a territory as editable slides: the map, the figures, the directory, what is far, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass

from esscarto.documents.pdf_page import DEEP, SOFT, Text
from esscarto.documents.picture import png
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.documents.sheet_pdf import LAYERS, LICENCE, References, ways
from esscarto.documents.slides import BODY, BOTTOM, MARGIN, TOP, Cells, Deck
from esscarto.filters import ActorFilter
from esscarto.french import NBSP, bound, count, date, enumerate_words, number
from esscarto.reach import white_zones
from esscarto.sheets.drawing import svg
from esscarto.sheets.model import Cited, Contact, Figure, Near, Sheet
from esscarto.sheets.place import place
from esscarto.site import Site
from esscarto.vocabulary import PRIORITY_SOURCE, PRIORITY_THEMES, THEMES

BLOCKS_LEFT_OUT = ("organisations", "reperes")
"""Blocks of the sheet that no slide shows: long lists about others."""
RADIUS_KM = 10
MOST_NAMES = 12
MOST_BARS = 12
_SHARP = 2.0
_LINE, _SMALL = 12.0, 10.0


@dataclass(frozen=True)
class _Row:
    """A row of a table, what it cites, and what the notes say of it."""

    cells: Cells
    cited: Cited
    note: str


def export(site: Site, sheet: Sheet, base: str = "") -> bytes:
    """Return the slides as a PPTX file: texts, tables and charts that can be edited.

    Parameters
    ----------
    site : Site
        Everything the application knows, for the map and the distances.
    sheet : Sheet
        The sheet: each figure is one of its own.
    base : str
        Address of the site, without its final slash, to print that of the page; none by default.
    """
    deck = Deck(f"{sheet.title}, économie sociale et solidaire", sheet.day)
    references = References.of(sheet)
    _opening(deck, site, sheet, base)
    _who(deck, sheet)
    _figures(deck, sheet, references)
    if sheet.known.total:
        _directory(deck, sheet)
    _nearest(deck, sheet, references)
    if sheet.territory.level != "commune":
        _white_zones(deck, site, sheet)
    _contacts(deck, sheet, references)
    return deck.content()


def _opening(deck: Deck, site: Site, sheet: Sheet, base: str) -> None:
    notes = f"{LAYERS}\n{NOT_A_CENSUS}\n{LICENCE}"
    left = BODY * 0.5
    slide = deck.slide(sheet.title, bound(f"{LAYERS} {LICENCE}"), bound(notes), width=left)
    texts = [
        Text("L’économie sociale et solidaire", 22, colour=DEEP),
        Text(f"{sheet.level} · {date(sheet.day.isoformat())}", 14, colour=SOFT),
        Text(_known(sheet), 18, "B"),
        Text(NOT_A_CENSUS, _LINE, colour=SOFT),
    ]
    if base:
        address = f"{base}/territoires?t={sheet.territory}"
        texts.append(Text(f"La fiche en ligne : {address}", _LINE, link=address))
    deck.text(slide, texts, (MARGIN, TOP + 12, left, BOTTOM - TOP - 12))
    drawn = png(svg(place(site, sheet.territory), _SHARP))
    said = f"Carte : {sheet.title} et les acteurs connus qui ont un point."
    end = deck.picture(slide, drawn, said, (MARGIN + left + 6, 12, left - 6, BOTTOM - 26))
    key = "Point orange : acteur connu (leur nombre, s’ils sont plusieurs) ; sans adresse, il est à la commune."
    deck.text(slide, [Text(key, _SMALL, colour=SOFT)], (MARGIN + left + 6, end + 1, left - 6, 12))


def _known(sheet: Sheet) -> str:
    known = sheet.known
    if not known.total:
        return "Aucun acteur connu ici"
    return f"{count(known.counted, 'acteur')} de l’ESS connu{'s' if known.counted > 1 else ''}, sur {_entries(sheet)}"


def _entries(sheet: Sheet) -> str:
    return count(sheet.known.total, "fiche")


def _who(deck: Deck, sheet: Sheet) -> None:
    lines = [f"{label} : {value} ({when})" for label, value, when in sheet.summary]
    foot = f"{LAYERS} Date : celle de chaque chiffre."
    slide = deck.slide("Qui nous sommes", bound(foot), bound("\n".join([*lines, foot])))
    head = _head("Repère", "Valeur", "Date")
    rows = [
        [[Text(label, 14)], [Text(value, 14, "B")], [Text(when, _LINE, colour=SOFT)]]
        for label, value, when in sheet.summary
    ]
    widths = [62.0, 38.0, 46.0]
    deck.table(slide, head, rows, widths)
    texts = []
    if sheet.holders:
        texts.append(Text(f"Dans {', '.join(name for _, name in sheet.holders)}.", 14))
    if 0 < len(sheet.inside) <= MOST_NAMES:
        names = enumerate_words(name for _, name in sheet.inside)
        texts.append(Text(bound(f"{sheet.inside_title} : {names}."), 14))
    texts.append(Text(bound(f"Référent ESS : {sheet.referent}."), 14, "B"))
    if sheet.referent_note:
        texts.append(Text(sheet.referent_note, _LINE, colour=SOFT))
    left = MARGIN + sum(widths) + 10
    deck.text(slide, texts, (left, TOP, BODY - sum(widths) - 10, BOTTOM - TOP))


def _figures(deck: Deck, sheet: Sheet, references: References) -> None:
    rows, missing = [], []
    for block in sheet.blocks:
        if block.key in BLOCKS_LEFT_OUT:
            continue
        rows += [_figure(figure, references) for figure in block.figures if not figure.asked_in_vain]
        missing += [figure.label for figure in block.figures if figure.asked_in_vain]
    absent = f"Non fourni par la source, ici ou pour un territoire plus large : {' ; '.join(missing)}."
    _pages(
        deck,
        references,
        "Les chiffres publiés",
        _head("Chiffre", "Imprimé", "Année", "Source"),
        rows,
        [150.0, 96.0, 30.0, BODY - 276],
        bound(absent) if missing else "",
    )


def _figure(figure: Figure, references: References) -> _Row:
    value = [Text(figure.value, 14, "B")]
    if figure.holder:
        value.append(Text(f"pour {figure.holder}", _SMALL, colour=SOFT))
    said = [f"{figure.label} : {figure.value}, {figure.year}"]
    said += [f"pour {figure.holder}"] if figure.holder else []
    said += [f"périmètre : {figure.perimeter}"] if figure.perimeter else []
    note = " ; ".join([*said, figure.source]) + "."
    note += "".join(f" {part}" for part in (figure.reading, figure.note) if part)
    cells = [
        [Text(figure.label, _LINE)],
        value,
        [Text(figure.year, _LINE)],
        [Text(references.cite(figure), _SMALL, colour=SOFT)],
    ]
    return _Row(cells, figure, note)


def _directory(deck: Deck, sheet: Sheet) -> None:
    known = sheet.known
    foot = f"Annuaire esscarto, {date(sheet.day.isoformat())} ; la source de chaque acteur est sur sa fiche. "
    foot += "Un acteur peut avoir plusieurs thèmes."
    notes = [f"{words} : {number(total)}" for _, words, total in known.families]
    notes += [f"{words} : {number(total)}" for words, total in known.themes]
    slide = deck.slide(
        "Ce que l’annuaire connaît ici", bound(foot), bound("\n".join([_known(sheet), *notes, NOT_A_CENSUS, foot]))
    )
    texts = [Text(f"{_known(sheet)}. {NOT_A_CENSUS}", _LINE, colour=SOFT)]
    top = deck.text(slide, texts, (MARGIN, TOP, BODY, 14)) + 2
    half = BODY / 2 - 4
    if known.families:
        counts = [(words, total) for _, words, total in known.families]
        deck.bars(slide, "Par famille ou rôle", counts, (MARGIN, top, half, BOTTOM - top))
    if known.themes:
        title = "Par thème" if len(known.themes) <= MOST_BARS else f"Par thème, les {MOST_BARS} premiers"
        deck.bars(
            slide,
            title,
            known.themes[:MOST_BARS],
            (MARGIN + half + 8, top, half, BOTTOM - top),
            "#b34700",
        )


def _nearest(deck: Deck, sheet: Sheet, references: References) -> None:
    known = sheet.known
    if not known.near and not known.far:
        return
    far = f"Aucun acteur connu et situé à moins de 100 km : {', '.join(known.far)}." if known.far else ""
    _pages(
        deck,
        references,
        "Les plus proches, pour les thèmes sans acteur en activité ici",
        _head("Thème", "Acteur connu le plus proche", "Lieu", "À vol d’oiseau", "Source"),
        [_near(near, references) for near in known.near],
        [70.0, 100.0, 60.0, 36.0, BODY - 266],
        bound(far),
    )


def _near(near: Near, references: References) -> _Row:
    km = f"{number(near.km, 1)}{NBSP}km"
    cells = [
        [Text(near.theme, _LINE, "B")],
        [Text(near.name, _LINE)],
        [Text(near.actor.place, _LINE)],
        [Text(km, _LINE)],
        [Text(references.cite(near.actor), _SMALL, colour=SOFT)],
    ]
    return _Row(cells, near.actor, f"{near.theme} : {near.name}, {near.actor.place}, {km} ; {near.actor.source}.")


def _white_zones(deck: Deck, site: Site, sheet: Sheet) -> None:
    """Say, for each priority theme, who lives far from every known actor of the ESS."""
    rows: list[Cells] = []
    for theme in PRIORITY_THEMES:
        mask = site.index.mask(ActorFilter(None, {"th": (theme,)})) & site.actors.counted
        zones = white_zones(site.reach, sheet.territory, mask, RADIUS_KM)
        rows.append(
            [
                [Text(THEMES[theme], 14, "B")],
                [Text(f"{number(len(zones.white))} sur {number(len(zones.communes))}", 14)],
                [Text(count(zones.inhabitants, "habitant"), 14, "B")],
                [Text(number(zones.measured), 14)],
            ]
        )
    populations = site.territories.vintages.get("populations", "non daté")
    said = (
        f"Zone blanche : commune à plus de {RADIUS_KM} km, à vol d’oiseau, de tout acteur connu de l’ESS qui travaille "
        f"sur ce thème et qui a un point. {NOT_A_CENSUS}"
    )
    themes = " ; ".join(f"{title}, lignes {lines}" for title, lines in site.cite(PRIORITY_SOURCE))
    foot = (
        f"Calcul esscarto, distances en Lambert-93, de l’endroit habité de chaque commune. "
        f"Habitants : {populations}. Thèmes prioritaires selon : {themes}."
    )
    notes = [f"{row[0][0].words} : {row[1][0].words} communes, {row[2][0].words}." for row in rows]
    slide = deck.slide("Zones blanches des thèmes prioritaires", bound(foot), bound("\n".join([*notes, said, foot])))
    top = deck.text(slide, [Text(bound(said), _LINE, colour=SOFT)], (MARGIN, TOP, BODY, 22)) + 3
    head = _head(
        "Thème", f"Communes à plus de {RADIUS_KM} km", "Leurs habitants", "Acteurs connus, ici ou ailleurs, avec point"
    )
    deck.table(slide, head, rows, [90.0, 74.0, 74.0, BODY - 238], top)


def _contacts(deck: Deck, sheet: Sheet, references: References) -> None:
    everyone = [*sheet.contacts, *sheet.policy]
    reached = [contact for contact in everyone if contact.can_be_reached]
    if sheet.first in reached:
        reached.sort(key=lambda contact: contact != sheet.first)
    others = list(dict.fromkeys(contact.name for contact in everyone if not contact.can_be_reached))
    named = f"Aussi nommés par les sources, sans contact imprimé : {', '.join(others)}." if others else ""
    _pages(
        deck,
        references,
        "À qui parler",
        _head("Organisme", "Ce qu’il apporte", "Contact", "Source"),
        [_contact(contact, references) for contact in reached],
        [86.0, 108.0, 80.0, BODY - 274],
        bound(named),
    )


def _contact(contact: Contact, references: References) -> _Row:
    where = " · ".join(part for part in (contact.territory, contact.role) if part)
    brings = contact.brings or "non fourni par la source"
    reached = ways(contact)
    cells = [
        [Text(contact.name, _LINE, "B"), Text(where, _SMALL, colour=SOFT)],
        [Text(brings, _LINE)],
        [Text(words, _LINE, link=link) for words, link in reached],
        [Text(references.cite(contact), _SMALL, colour=SOFT)],
    ]
    said = ", ".join(words for words, _ in reached)
    return _Row(
        cells, contact, f"{contact.name} ({where}) : {brings} ; {said} ; {contact.source}. {contact.note}".strip()
    )


def _pages(
    deck: Deck,
    references: References,
    title: str,
    head: Cells,
    rows: Sequence[_Row],
    widths: list[float],
    last: str = "",
) -> None:
    """Write a table on as many slides as it asks for, then a last sentence; each slide gives its own sources."""
    left = list(rows)
    room = BOTTOM - TOP
    closing = [Text(last, _SMALL, colour=SOFT)] if last else []
    first = True
    while left or first:
        fits = deck.fitting(head, [row.cells for row in left], widths, room)
        if fits == len(left) and closing:
            # The sentence goes under the last rows: one of them may have to wait for the next slide.
            fits = deck.fitting(head, [row.cells for row in left], widths, room - deck.tall(closing, BODY) - 6)
        here, left = left[:fits], left[fits:]
        name = title if first else f"{title} (suite)"
        notes = [row.note for row in here] or ["Non fourni par la source."]
        foot = _sources(references, [row.cited for row in here])
        slide = deck.slide(name, foot, bound("\n".join([*notes, *([last] if last and not left else [])])))
        if here:
            deck.table(slide, head, [row.cells for row in here], widths)
        else:
            deck.text(slide, [Text("Non fourni par la source.", 14)], (MARGIN, TOP, BODY, 12))
        if closing and not left:
            tall = deck.tall(closing, BODY) + 6
            deck.text(slide, closing, (MARGIN, BOTTOM - tall, BODY, tall))
        first = False


def _sources(references: References, cited: Sequence[Cited]) -> str:
    documents = dict.fromkeys(document for one in cited for document, _ in one.cites)
    said = " ; ".join(f"[{references.documents.index(document) + 1}] {document}" for document in documents)
    return (
        f"Sources : {said}. Après le numéro d’un document, ses lignes ; le détail est dans les notes." if said else ""
    )


def _head(*titles: str) -> Cells:
    return [[Text(title, _LINE, "B", "#ffffff")] for title in titles]
