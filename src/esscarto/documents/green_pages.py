"""The « pages vertes »: the printable guide of the known actors of a territory, by theme, then an index by commune."""

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from esscarto import links
from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, MARGIN, SOFT, WIDTH, Document, Text
from esscarto.documents.selection import NOT_A_CENSUS
from esscarto.documents.sheet_pdf import LAYERS, LICENCE, References, contact_rows, near_rows
from esscarto.errors import DataError
from esscarto.french import NBSP, bound, count, date, sort_key
from esscarto.privacy import personal_data
from esscarto.schema import LIST_SEPARATOR
from esscarto.sheets.model import Actor, Sheet
from esscarto.sheets.place import place
from esscarto.site import Site
from esscarto.territories import Territory
from esscarto.vocabulary import CATEGORIES, PRECISIONS, STATUTS_ESS, THEMES

NO_CONTACT = "aucun contact connu"
NO_THEME = "Thème non imprimé par la source"
SUPPORTS, INDEX, SOURCES = "À qui parler", "Index par commune", "Sources"
NEAREST = "Les plus proches, à vol d’oiseau"
_WIDTHS = [88.0, 78.0, 18.0]
_MAP = 58.0


@dataclass
class _Spots:
    """Where each part and each entry of the guide stands: page, height. Known once the guide was written once."""

    known: dict[str, tuple[int, float]] = field(default_factory=dict)
    met: dict[str, tuple[int, float]] = field(default_factory=dict)

    def page(self, key: str) -> str:
        return str(self.known[key][0]) if key in self.known else "0"

    def link(self, pdf: Document, key: str) -> str | int:
        if key not in self.known:
            return ""
        page, y = self.known[key]
        return pdf.add_link(page=page, y=y)


def export(site: Site, sheet: Sheet, base: str = "") -> bytes:
    """Return the guide as a PDF: contents, whom to call, actors by theme, index by commune, sources.

    Where nobody is known, one page gives whom to call and the nearest of each theme.
    An actor has its entry under the first of its themes, and a line under each other that leads to it.

    Parameters
    ----------
    site : Site
        Everything the application knows.
    sheet : Sheet
        The sheet of the territory: its actors at any precision, in any state.
    base : str
        Address of the site, without its final slash, to print that of the page; none by default.
    """
    # A printed contents gives pages that come after it: the first writing finds them, the second says them.
    spots = _Spots()
    _written(site, sheet, base, spots)
    return bytes(_written(site, sheet, base, _Spots(known=spots.met)).output())


def write(site: Site, sheet: Sheet, path: Path, base: str = "") -> None:
    """Write the guide in a file, whole or not at all.

    Raises
    ------
    DataError
        When the file cannot be written.
    """
    content = export(site, sheet, base)
    draft = path.with_name(f".{path.name}.partiel")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise DataError(
            "ce fichier ne peut pas être écrit", str(path), "Choisissez un autre dossier, ou libérez de la place."
        ) from error


def wanted(site: Site, **codes: str) -> Territory:
    """Return the one territory that a command asks for, from its level and its code.

    Raises
    ------
    DataError
        When none or several are asked for, or when no layer holds it.
    """
    asked = [Territory(level, code) for level, code in codes.items() if code]
    if len(asked) != 1:
        raise DataError(
            "le guide est celui d’un territoire, et d’un seul",
            remedy=f"Donnez {', '.join(f'--{level}' for level in codes)} : une seule de ces options.",
        )
    site.territories.row(asked[0])
    return asked[0]


def _written(site: Site, sheet: Sheet, base: str, spots: _Spots) -> Document:
    pdf = Document(f"Pages vertes, {sheet.title}", sheet.day, f"esscarto · Pages vertes · {sheet.title}")
    pdf.set_subject("Les acteurs de l’économie sociale et solidaire, par thème et par commune")
    pdf.add_page()
    references = References.of(sheet)
    inside = {actor.id for actor in sheet.known.actors}
    rows = {row["id"]: row for row in site.rows if row["id"] in inside}
    printed: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in site.supports.frame.to_dict("records"):
        printed[line["organisation"]].append(line)
    parts = _by_theme(sheet, rows)
    _cover(pdf, site, sheet, base)
    if parts:
        _contents(pdf, parts, spots)
        pdf.add_page()
    _part(pdf, SUPPORTS, spots)
    _supports(pdf, sheet, references)
    if not parts and sheet.known.near:
        pdf.heading(NEAREST)
        near_rows(pdf, sheet)
    told: set[str] = set()
    for title, actors in parts.items():
        _part(pdf, title, spots, f"{count(len(actors), 'fiche')}.")
        for actor in actors:
            if actor.id in told:
                _see(pdf, actor, spots)
            else:
                told.add(actor.id)
                row = rows[actor.id]
                _entry(pdf, actor, row, contacts(row, printed[row["organisation"]]), references, spots)
    if parts:
        _part(pdf, INDEX, spots, "Ce qui n’est connu qu’à un territoire plus large que la commune vient ensuite.")
        _index(pdf, sheet.known.actors, rows, spots)
    _part(pdf, SOURCES, spots, room=48 if parts else 24)
    _sources(pdf, references)
    return pdf


def _by_theme(sheet: Sheet, rows: dict[str, dict]) -> dict[str, list[Actor]]:
    """Return the actors of each theme, in the order of the closed list; those without one last."""
    found: dict[str, list[Actor]] = defaultdict(list)
    for actor in sheet.known.actors:
        codes = [code for code in _codes(rows[actor.id]["themes"]) if code in THEMES]
        for title in [THEMES[code] for code in codes] or [NO_THEME]:
            found[title].append(actor)
    return {title: found[title] for title in (*THEMES.values(), NO_THEME) if title in found}


def _cover(pdf: Document, site: Site, sheet: Sheet, base: str) -> None:
    left = WIDTH - _MAP - 8
    top = pdf.y
    known = sheet.known
    said = f"{count(known.total, 'fiche')}, dont {count(known.counted, 'acteur')} de l’ESS en activité ou à vérifier."
    pdf.paragraph(Text("Pages vertes", 30, "B", DEEP), width=left, after=0)
    pdf.paragraph(Text("Le guide des acteurs de l’économie sociale et solidaire", 12, colour=SOFT), width=left, after=4)
    pdf.paragraph(Text(sheet.title, 20, "B"), width=left)
    pdf.paragraph(Text(f"{sheet.level} · annuaire au {date(sheet.day.isoformat())}", 10, colour=SOFT), width=left)
    pdf.paragraph(Text(bound(said) if known.total else "Aucun acteur connu ici.", 11, "B"), width=left)
    pdf.paragraph(Text(NOT_A_CENSUS, 9, colour=SOFT), width=left)
    how = "Les contacts sont ceux des organisations, jamais ceux d’une personne. Vérifiez avant de vous déplacer."
    if known.total:
        how = f"Chaque acteur a une fiche, sous le premier de ses thèmes ; sous les autres, une ligne y renvoie. {how}"
    pdf.paragraph(Text(bound(how), 9), width=left)
    if base:
        address = f"{base}/territoires?t={sheet.territory}"
        pdf.paragraph(Text(f"En ligne : {address}", 8, colour=SOFT, link=address), width=left)
    end = pdf.y
    tall = draw_map(pdf, place(site, sheet.territory), MARGIN + left + 8, top, _MAP, 70)
    pdf.set_y(max(end, top + tall))


def _contents(pdf: Document, parts: dict[str, list[Actor]], spots: _Spots) -> None:
    pdf.heading("Sommaire")
    themes = [(title, count(len(actors), "fiche")) for title, actors in parts.items()]
    for title, said in [(SUPPORTS, ""), *themes, (INDEX, ""), (SOURCES, "")]:
        link = spots.link(pdf, title)
        pdf.row(
            [
                [Text(title, 10, link=link)],
                [Text(said, 9, colour=SOFT)],
                [Text(spots.page(title), 10, align="R", link=link)],
            ],
            [WIDTH - 60, 40.0, 20.0],
        )


def _part(pdf: Document, title: str, spots: _Spots, said: str = "", room: float = 48) -> None:
    """Write the heading of a part, and note where it stands."""
    pdf.heading(title, room=room)
    spots.met[title] = (pdf.page_no(), max(0.0, pdf.y - 10))
    if said:
        pdf.paragraph(Text(bound(said), 8, colour=SOFT), after=0.8)


def _supports(pdf: Document, sheet: Sheet, references: References) -> None:
    everyone = [*sheet.contacts, *sheet.policy]
    reached = [contact for contact in everyone if contact.can_be_reached]
    contact_rows(pdf, reached, references)
    if not reached:
        pdf.paragraph(Text("Non fourni par la source.", 9))


def _entry(
    pdf: Document,
    actor: Actor,
    row: dict[str, str],
    ways: Sequence[tuple[str, str]],
    references: References,
    spots: _Spots,
) -> None:
    kind = [actor.types or CATEGORIES[actor.category]]
    if row["statut_ess"] == "non_imprime":
        kind.append(STATUTS_ESS["non_imprime"])
    who = [Text(_name(actor), 10, "B"), Text(" · ".join(kind), 8, colour=SOFT)]
    who += [Text(bound(row["description"]), 8.5)] if row["description"] else []
    doubtful = row["lieu_confiance"] == "douteux"
    address = row["adresse"] if row["precision"] in ("adresse", "rue") and not doubtful else ""
    where = ", ".join(part for part in (address, f"{row['code_postal']} {actor.place}".strip()) if part)
    if actor.place == "lieu non imprimé":
        where = actor.place
    precision = "douteuse" if doubtful else PRECISIONS[row["precision"]]
    reach = [Text(where, 8.5), Text(f"Précision du lieu : {precision[0].lower()}{precision[1:]}", 7.5, colour=SOFT)]
    reach += [Text(words, 8.5, link=link) for words, link in ways] or [Text(NO_CONTACT, 8.5, "I", SOFT)]
    pdf.row([who, reach, [Text(references.cite(actor), 7, colour=SOFT)]], _WIDTHS)
    # The row may have opened a page: it stands where it ends.
    spots.met[actor.id] = (pdf.page_no(), max(0.0, pdf.y - 25))


def contacts(row: dict[str, str], supports: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """Return how to reach an organisation: words, and the address that they lead to, if any.

    Parameters
    ----------
    row : dict
        Its row of the directory (``schemas/acteurs.schema.json``): its contacts come first.
    supports : sequence of dict
        What the table of supports prints for it (``schemas/soutiens.schema.json``). What is a person's is left out.
    """
    found: dict[str, str] = {}
    for line in (row, *supports):
        found.update({line[column]: "" for column in ("contact_fonction", "telephone") if line.get(column)})
        if line["courriel"]:
            mail = links.mail(line["courriel"])
            found[line["courriel"]] = f"mailto:{mail}" if mail else ""
        if line["site_web"]:
            found[line["site_web"]] = links.web(line["site_web"])
    return [(words, link) for words, link in found.items() if not personal_data(words)]


def _see(pdf: Document, actor: Actor, spots: _Spots) -> None:
    link = spots.link(pdf, actor.id)
    name = Text(f"{_name(actor)}, {actor.place}", 8.5, link=link)
    pdf.row([[name], [Text(f"voir page {spots.page(actor.id)}", 8.5, align="R", link=link)]], [WIDTH - 32, 32.0])


def _index(pdf: Document, actors: Sequence[Actor], rows: dict[str, dict], spots: _Spots) -> None:
    """Write the actors of each commune, then of what is wider, each with its page."""
    groups: dict[tuple[bool, tuple[str, str], str], list[Actor]] = defaultdict(list)
    for actor in actors:
        groups[not rows[actor.id]["code_insee"], sort_key(actor.place), actor.place].append(actor)
    widths = [WIDTH - 20, 20.0]
    for wide, _, title in sorted(groups):
        inside = groups[wide, sort_key(title), title]
        if pdf.y + 14 > pdf.bottom:
            pdf.add_page()
        pdf.y += 1.5
        pdf.paragraph(Text(title, 9.5, "B", DEEP), after=0)
        for actor in inside:
            link = spots.link(pdf, actor.id)
            pdf.row(
                [[Text(_name(actor), 8.5, link=link)], [Text(spots.page(actor.id), 8.5, align="R", link=link)]], widths
            )


def _sources(pdf: Document, references: References) -> None:
    pdf.paragraph(Text("Après le numéro d’un document, les nombres sont ceux de ses lignes.", 8, colour=SOFT))
    documents = " ".join(f"[{at}]{NBSP}{document}." for at, document in enumerate(references.documents, start=1))
    for words in (documents, LAYERS, LICENCE):
        pdf.paragraph(Text(bound(words), 8), after=0.4)


def _name(actor: Actor) -> str:
    return f"{actor.name} ({actor.state})" if actor.state else actor.name


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(LIST_SEPARATOR) if code.strip()]
