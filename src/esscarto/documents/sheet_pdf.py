"""The sheet of a territory as an A4 document: the figures and the sources of the screen, without a network."""

import re
from collections import Counter
from dataclasses import dataclass, field

from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, MARGIN, SOFT, WIDTH, Document, Text
from esscarto.french import NBSP, bound, count, date, enumerate_words, number
from esscarto.sheets.known import cites
from esscarto.sheets.model import Block, Cited, Contact, Figure, Sheet
from esscarto.sheets.place import place
from esscarto.site import Site
from esscarto.supports import ROLES

MOST_ACTORS = 60
MOST_RELATIONS = 20
LAYERS = (
    "Populations, communes et intercommunalités : Insee et DGCL ; contours simplifiés : IGN ; "
    "surfaces et distances mesurées en Lambert-93."
)
LICENCE = "Licence Ouverte 2.0 : citez « esscarto », la date et la source de chaque chiffre."
_MAP_WIDTH, _MAP_HEIGHT = 62.0, 66.0
_FEW_LINES = 60.0
"""Millimetres from the top: a last page that ends above is not worth its sheet of paper."""


@dataclass
class References:
    """The documents and the notes that the pages refer to, numbered as they come."""

    documents: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    title: str = ""
    """Name of the territory: the perimeter that needs no note."""
    shared: frozenset[str] = frozenset()
    """Sentences that the notes of several figures hold: said once."""

    @classmethod
    def of(cls, sheet: Sheet) -> "References":
        """Return the references of a sheet, before its pages are written."""
        sentences = Counter(sentence for _, figure in sheet.figures for sentence in set(_sentences(figure.note)))
        return cls(title=sheet.title, shared=frozenset(sentence for sentence, times in sentences.items() if times > 1))

    def cite(self, cited: Cited) -> str:
        """Return ``[1] 11-12, 162``: the number of each document and its lines."""
        parts = []
        for document, lines in cited.cites:
            if document not in self.documents:
                self.documents.append(document)
            parts.append(f"[{self.documents.index(document) + 1}]{NBSP}{lines}".strip())
        return " ; ".join(parts)

    def note(self, figure: Figure) -> str:
        """Return the letters of the notes of a figure, an empty text when it has none."""
        sentences = _sentences(figure.note)
        own = " ".join(sentence for sentence in sentences if sentence not in self.shared)
        gap = f"Recalculé : {figure.recomputed.gap}" if figure.recomputed else ""
        notes = [sentence for sentence in sentences if sentence in self.shared]
        if figure.perimeter and figure.perimeter not in (self.title, figure.holder.partition(" ")[2]):
            own = f"Périmètre : {figure.perimeter}. {own}".strip()
        notes += [bound(" ".join(part for part in (own, gap) if part))] if own or gap else []
        self.notes += [note for note in notes if note not in self.notes]
        letters = sorted(self.notes.index(note) for note in notes)
        return f"note{'s' if len(letters) > 1 else ''}{NBSP}{', '.join(map(_letter, letters))}" if letters else ""


def _sentences(note: str) -> list[str]:
    return re.split(r"(?<=\.) (?=[A-ZÀÉ«])", note) if note else []


def export(site: Site, sheet: Sheet, base: str = "") -> bytes:
    """Return the sheet as a PDF.

    Parameters
    ----------
    site : Site
        Everything the application knows, for the map.
    sheet : Sheet
        The sheet.
    base : str
        Address of the site, without its final slash, to print that of the page; none by default.
    """
    pdf = _written(site, sheet, base, sheet.borrows)
    if sheet.borrows and pdf.y < _FEW_LINES:
        # The last page would hold a few lines only: the actions are also on the page Agir.
        pdf = _written(site, sheet, base, False)
    return bytes(pdf.output())


def _written(site: Site, sheet: Sheet, base: str, with_actions: bool) -> Document:
    pdf = Document(f"{sheet.title}, fiche du territoire", sheet.day, f"esscarto · {sheet.title}")
    pdf.set_subject("Économie sociale et solidaire")
    pdf.add_page()
    references = References.of(sheet)
    _head(pdf, site, sheet, base)
    # A part of a PETR has few figures of its own: whom to call and who is near come first.
    if sheet.borrows:
        _contacts(pdf, sheet, references)
        if with_actions:
            _actions(pdf, site, references)
        _directory(pdf, sheet, references)
        _figures(pdf, sheet, references)
    else:
        _figures(pdf, sheet, references)
        _contacts(pdf, sheet, references)
        _directory(pdf, sheet, references)
    _references(pdf, references)
    return pdf


def _figures(pdf: Document, sheet: Sheet, references: References) -> None:
    """Write the figures in their parts, then what no document gives."""
    for at, (title, blocks) in enumerate(sheet.parts):
        pdf.heading(title, room=60)
        if not at:
            words = (
                "Ce que les documents impriment, dans l’ordre de la fiche de la CRESS. Un chiffre d’un territoire "
                "plus large le dit : il n’est pas celui d’ici. Les numéros renvoient aux sources, en dernière page. "
                "« Non fourni par la source » : le document consulté ne donne pas ce chiffre."
            )
            pdf.paragraph(Text(bound(words), 8, colour=SOFT))
        for block in blocks:
            _block(pdf, block, references)
    if sheet.missing:
        words = f"Non fourni par la source, ici ou pour un territoire plus large : {' ; '.join(sheet.missing)}."
        pdf.paragraph(Text(bound(words), 8, colour=SOFT))
    _employers(pdf, sheet)


def _head(pdf: Document, site: Site, sheet: Sheet, base: str) -> None:
    """Write who the territory is, beside its map."""
    left = WIDTH - _MAP_WIDTH - 6
    pdf.set_y(MARGIN)
    pdf.start_section(sheet.title)
    pdf.paragraph(
        Text(f"Fiche du territoire · {sheet.level} · {date(sheet.day.isoformat())}", 8.5, colour=SOFT), width=left
    )
    pdf.paragraph(Text(sheet.title, 22, "B", DEEP), width=left)
    if sheet.holders:
        pdf.paragraph(Text(f"Dans {', '.join(name for _, name in sheet.holders)}.", 9.5), width=left, after=3)
    tiles = [
        *sheet.summary,
        ("Acteurs de l’ESS connus", number(sheet.known.counted), f"{count(sheet.known.total, 'fiche')} en tout"),
    ]
    _tiles(pdf, tiles, left)
    if sheet.inside and len(sheet.inside) <= 12:
        names = enumerate_words(name for _, name in sheet.inside)
        pdf.paragraph(Text(f"{sheet.inside_title} : {names}.", 9), width=left)
    pdf.paragraph(Text(f"Référent ESS : {sheet.referent}.", 9.5, "B"), width=left)
    if sheet.referent_note:
        pdf.paragraph(Text(sheet.referent_note, 8, colour=SOFT), width=left)
    if sheet.first:
        pdf.paragraph(Text(f"Premier contact : {sheet.first.name}", 9.5, "B"), width=left, after=0.4)
        for words, link in ways(sheet.first):
            pdf.paragraph(Text(words, 9.5, link=link), width=left, after=0.4)
    if sheet.priorities:
        pdf.paragraph(Text("Les plus proches, à vol d’oiseau :", 9.5, "B"), width=left, after=0.4)
    for near in sheet.priorities:
        words = f"{near.theme} : {near.name}, {number(near.km, 1)}{NBSP}km"
        pdf.paragraph(Text(bound(words), 9), width=left, after=0.4)
    if sheet.two_nearest:
        pdf.paragraph(Text(sheet.two_nearest, 8, colour=SOFT), width=left)
    for where, actors in sheet.known.wider:
        known = count(len(actors), "acteur connu", "acteurs connus")
        names = ", ".join(actor.name for actor in actors)
        words = f"Et {known} seulement à une échelle plus large ({where}), commune non imprimée : {names}."
        pdf.paragraph(Text(bound(words), 8.5), width=left)
    if base:
        address = f"{base}/territoires?t={sheet.territory}"
        pdf.paragraph(Text(f"En ligne : {address}", 8, colour=SOFT, link=address), width=left)
    beside = pdf.y
    tall = draw_map(pdf, place(site, sheet.territory), MARGIN + left + 6, MARGIN, _MAP_WIDTH, _MAP_HEIGHT)
    pdf.set_y(MARGIN + tall + 1.5)
    key = "Point orange : fiche connue, de l’ESS ou non (ou leur nombre) ; sans adresse, il est à la commune."
    pdf.paragraph(Text(key, 7, colour=SOFT), MARGIN + left + 6, _MAP_WIDTH)
    pdf.set_y(max(pdf.y, beside))


def _tiles(pdf: Document, tiles: list[tuple[str, str, str]], width: float) -> None:
    """Write the key figures, three or four a line."""
    most = 4 if len(tiles) == 4 else 3
    each = width / most
    for start in range(0, len(tiles), most):
        top = low = pdf.y
        for at, (label, value, when) in enumerate(tiles[start : start + most]):
            pdf.set_y(top)
            x = MARGIN + at * each + 2.5
            for text in (Text(value, 14, "B"), Text(label, 7.5, colour=SOFT), Text(when, 7, colour=SOFT)):
                pdf.paragraph(text, x, each - 3, after=0)
            low = max(low, pdf.y)
        pdf.set_fill_color(DEEP)
        for at in range(len(tiles[start : start + most])):
            pdf.rect(MARGIN + at * each, top, 0.8, low - top, style="F")
        pdf.set_y(low + 2.5)


def _block(pdf: Document, block: Block, references: References) -> None:
    """Write a block: its figures as rows."""
    pdf.heading(block.title, 1, room=28)
    again = any(figure.recomputed for figure in block.figures)
    widths = [71.0, 39.0, 33.0, 15.0, 26.0] if again else [90.0, 49.0, 15.0, 30.0]
    titles = ["Chiffre", "Imprimé", *(["Recalculé"] if again else []), "Année", "Source"]
    pdf.row([[Text(title, 7.5, "B", SOFT)] for title in titles], widths, DEEP)
    for figure in block.figures:
        pdf.row(_cells(figure, again, references), widths)


def _cells(figure: Figure, again: bool, references: References) -> list[list[Text]]:
    label = [Text(figure.label, 9, "B")]
    if figure.reading:
        label.append(Text(figure.reading, 7.5, "I", SOFT))
    value = [Text(figure.value, 9.5, "B")]
    if figure.holder:
        value.append(Text(f"pour {figure.holder}", 7.5, colour=SOFT))
    cells = [label, value]
    if again:
        made = figure.recomputed
        cells.append([Text(made.value, 9), Text(made.how, 7, colour=SOFT)] if made else [])
    source = ", ".join(part for part in (references.cite(figure), references.note(figure)) if part)
    return [*cells, [Text(figure.year, 8 if len(figure.year) < 9 else 7)], [Text(source, 7.5, colour=SOFT)]]


def _employers(pdf: Document, sheet: Sheet) -> None:
    if not sheet.known.employers:
        return
    pdf.heading("Les employeurs de l’ESS par taille", 1)
    for group in sheet.known.employers:
        names = ", ".join(f"{actor.name} ({actor.state})" if actor.state else actor.name for actor in group.actors)
        pdf.paragraph(Text(bound(f"{group.size} : {names}"), 9), after=0.6)


# ---- contacts


def _contacts(pdf: Document, sheet: Sheet, references: References) -> None:
    pdf.heading("La politique des collectivités pour l’ESS")
    if sheet.policy:
        contact_rows(pdf, list(sheet.policy), references)
    else:
        pdf.paragraph(Text("Non fourni par la source.", 9))
    pdf.heading("À qui parler : accompagnement et financement")
    contact_rows(pdf, [contact for contact in sheet.contacts if contact.can_be_reached], references)
    others = [contact for contact in sheet.contacts if not contact.can_be_reached]
    if others:
        pdf.paragraph(Text("Aussi nommés par les sources, sans contact imprimé :", 8.5, "B"), after=0.4)
    for role in ROLES.values():
        names = [f"{contact.name} ({references.cite(contact)})" for contact in others if contact.role == role]
        if names:
            pdf.paragraph(Text(bound(f"{role.capitalize()} : {' ; '.join(names)}."), 8.5), after=0.4)


def contact_rows(pdf: Document, contacts: list[Contact], references: References) -> None:
    """Write bodies to call as rows: what they bring, how to reach them, their source."""
    widths = [54.0, 64.0, 46.0, 20.0]
    if contacts:
        pdf.row([[Text(title, 7.5, "B", SOFT)] for title in ("Organisme", "Apport", "Contact", "Source")], widths, DEEP)
    for contact in contacts:
        where = " · ".join(part for part in (contact.territory, contact.role) if part)
        brings = [Text(contact.brings or "non fourni par la source", 8.5)]
        if contact.note:
            brings.append(Text(contact.note, 7, colour=SOFT))
        reached = [Text(words, 8.5, link=link) for words, link in ways(contact)]
        reached = reached or [Text("contact non imprimé", 8.5, colour=SOFT)]
        name = [Text(contact.name, 9, "B"), Text(where, 7.5, colour=SOFT)]
        pdf.row([name, brings, reached, [Text(references.cite(contact), 7.5, colour=SOFT)]], widths)


def ways(contact: Contact) -> list[tuple[str, str]]:
    """Return the ways to reach a body, each with its address when it is one."""
    found = [
        (contact.function, ""),
        (contact.email, f"mailto:{contact.email}"),
        (contact.telephone, ""),
        (contact.website, contact.website),
    ]
    return [(words, link) for words, link in found if words]


def _actions(pdf: Document, site: Site, references: References) -> None:
    """Write the first action of each municipal competence, two a line."""
    cells = []
    for competence, title in site.competences.titles.items():
        action = site.competences.actions(competence)[0]
        cited = references.cite(Cited(cites=cites(site, action.source)))
        cells.append([Text(title, 8.5, "B"), Text(f"{action.title} ({cited})", 8)])
    if cells:
        pdf.heading("Ce que vous pouvez faire", room=30)
        words = "Une action par compétence de la commune ou de l’intercommunalité ; les autres sont à la page Agir."
        pdf.paragraph(Text(bound(words), 8, colour=SOFT), after=0.4)
    pairs(pdf, cells)


# ---- directory


def _directory(pdf: Document, sheet: Sheet, references: References) -> None:
    known = sheet.known
    pdf.heading("Ce que l’annuaire connaît ici")
    caveat = "L’annuaire n’est pas un recensement : un territoire sans acteur est un territoire sans acteur connu."
    pdf.paragraph(Text(caveat, 8, colour=SOFT))
    if known.total:
        words = (
            f"{count(known.total, 'fiche')}, dont {count(known.counted, 'acteur')} de l’ESS en activité ou à vérifier."
        )
        pdf.paragraph(Text(words, 9.5, "B"))
        for title, counts in (
            ("Par famille ou rôle", [(words, total) for _, words, total in known.families]),
            ("Par type", known.types),
            ("Par thème", known.themes),
        ):
            said = ", ".join(f"{words} ({number(total)})" for words, total in counts)
            pdf.paragraph(Text(f"{title} : {said or 'non imprimé'}.", 8.5), after=0.6)
        _actor_rows(pdf, sheet, references)
    else:
        pdf.paragraph(Text("Aucun acteur connu ici.", 9.5, "B"))
    if known.near:
        pdf.heading("Les plus proches, pour les thèmes sans acteur en activité ici", 1)
        words = (
            "À vol d’oiseau. Entre parenthèses, pourquoi une fiche n’est pas comptée parmi les acteurs de l’ESS. "
            "Une fiche publique, hors de l’ESS ou en projet compte dans la liste par thème, pas ici : "
            "elle ne peut pas encore aider."
        )
        pdf.paragraph(Text(bound(words), 8, colour=SOFT))
        near_rows(pdf, sheet)
    if known.far:
        words = f"Aucun acteur connu et situé à moins de 100 km : {', '.join(known.far)}."
        pdf.paragraph(Text(bound(words), 8, colour=SOFT))
    for title, lines in (
        ("Les projets", [f"{actor.name}, {actor.place}" for actor in known.projects]),
        ("Les pratiques d’ici", [title for _, title in known.practices]),
        (
            "Les relations connues",
            [
                bound(f"{link.organisation} {link.words} {link.other}")
                + (bound(f" : {link.about}") if link.about else "")
                + f" ({', '.join(part for part in (link.when, references.cite(link)) if part)})"
                for link in known.relations[:MOST_RELATIONS]
            ],
        ),
    ):
        if lines:
            pdf.heading(title, 1)
            for line in lines:
                pdf.paragraph(Text(f"– {line}", 8.5), after=0.4)
    if len(known.relations) > MOST_RELATIONS:
        more = count(len(known.relations) - MOST_RELATIONS, "autre relation", "autres relations")
        pdf.paragraph(Text(f"Et {more}, sur la page en ligne.", 8.5, colour=SOFT))


def near_rows(pdf: Document, sheet: Sheet) -> None:
    """Write the nearest actors, two a line, each with the themes that it is the nearest of."""
    pairs(
        pdf,
        [
            [
                Text(f"{near.name}, {near.actor.place}, {number(near.km, 1)}{NBSP}km", 8.5, "B"),
                Text(", ".join(themes), 8),
            ]
            for near, themes in sheet.known.near_actors
        ],
    )


def pairs(pdf: Document, cells: list[list[Text]]) -> None:
    """Write cells two a line."""
    for start in range(0, len(cells), 2):
        pdf.row([*cells[start : start + 2], []][:2], [WIDTH / 2, WIDTH / 2])


def _actor_rows(pdf: Document, sheet: Sheet, references: References) -> None:
    widths = [66.0, 54.0, 42.0, 22.0]
    pdf.row([[Text(title, 7.5, "B", SOFT)] for title in ("Acteur", "Types", "Lieu", "Source")], widths, DEEP)
    for actor in sheet.known.actors[:MOST_ACTORS]:
        name = f"{actor.name} ({actor.state})" if actor.state else actor.name
        cells = [Text(name, 8.5, "B"), Text(actor.types or "non imprimé", 8), Text(actor.place, 8)]
        pdf.row([[cell] for cell in cells] + [[Text(references.cite(actor), 7, colour=SOFT)]], widths)
    if len(sheet.known.actors) > MOST_ACTORS:
        more = count(len(sheet.known.actors) - MOST_ACTORS, "autre fiche", "autres fiches")
        pdf.paragraph(Text(f"Et {more}, sur la page en ligne.", 8.5, colour=SOFT))


def _references(pdf: Document, references: References) -> None:
    pdf.heading("Sources et notes")
    pdf.paragraph(
        Text("Après le numéro d’un document, les nombres sont ceux de ses lignes.", 8, colour=SOFT), after=0.4
    )
    documents = " ".join(f"[{at}]{NBSP}{document}." for at, document in enumerate(references.documents, start=1))
    pdf.paragraph(Text(bound(f"{documents} {LAYERS}"), 8), after=0.4)
    notes = " ".join(f"{_letter(at)}.{NBSP}{note}" for at, note in enumerate(references.notes))
    pdf.paragraph(Text(notes, 7.5, colour=SOFT), after=0.4)
    pdf.paragraph(Text(bound(LICENCE), 8))


def _letter(at: int) -> str:
    return (_letter(at // 26 - 1) if at >= 26 else "") + "abcdefghijklmnopqrstuvwxyz"[at % 26]
