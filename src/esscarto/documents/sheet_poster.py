"""The poster of a territory: one page of A4 with its map, what is known, and a QR code to its sheet."""

from esscarto import links
from esscarto.documents.pdf_code import draw_code
from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, MARGIN, SOFT, WIDTH, Document, Text
from esscarto.french import NBSP, bound, count, number
from esscarto.sheets.model import Sheet
from esscarto.sheets.place import place
from esscarto.site import Site

_CODE = 58.0
"""Side of the QR code in millimetres: read from two metres."""


def export(site: Site, sheet: Sheet, base: str = "") -> bytes:
    """Return the poster as a PDF.

    Parameters
    ----------
    site : Site
        Everything the application knows, for the map.
    sheet : Sheet
        The sheet.
    base : str
        Address of the site, without its final slash: where the code leads. One that no phone can open, as that of
        this machine, is left out with its code.
    """
    pdf = Document(f"{sheet.title}, affiche", sheet.day, "esscarto")
    pdf.add_page()
    pdf.set_y(20)
    pdf.paragraph(Text("L’économie sociale et solidaire", 20, colour=SOFT, align="C"), after=1)
    pdf.paragraph(Text(sheet.title, 34 if len(sheet.title) < 30 else 26, "B", DEEP, "C"), after=6)
    pdf.y += draw_map(pdf, place(site, sheet.territory), MARGIN, pdf.y, WIDTH, 105) + 2
    key = "Point orange : fiche connue, de l’ESS ou non ; leur nombre, si elles sont plusieurs."
    pdf.paragraph(Text(bound(key), 8, colour=SOFT, align="C"), after=4)
    if sheet.known.counted:
        said = f"{count(sheet.known.counted, 'acteur')} de l’ESS {'connu' if sheet.known.counted < 2 else 'connus'} ici"
    elif sheet.known.total:
        said = f"{count(sheet.known.total, 'organisation')} dans l’annuaire ici"
    else:
        said = "Aucun acteur connu ici"
    pdf.paragraph(Text(bound(said), 18, "B", align="C"), after=1)
    if sheet.first:
        first = sheet.first
        ways = ", ".join(filter(None, (first.name, first.function, first.email or first.telephone)))
        pdf.paragraph(Text(bound(f"Un projet ? {ways}"), 13, align="C"), after=4)
    top, left = pdf.y, MARGIN
    if links.public(base):
        address = f"{base}/territoires?t={sheet.territory}"
        draw_code(pdf, address, MARGIN, top, _CODE)
        pdf.set_y(top + _CODE + 3)
        pdf.paragraph(Text("La fiche : chiffres, acteurs, contacts et leurs sources", 12), width=_CODE)
        pdf.set_y(pdf.bottom - 4)
        pdf.paragraph(Text(address, 9, colour=SOFT, link=address))
        left += _CODE + 12
    pdf.set_y(top)
    _names(pdf, sheet, left)
    return bytes(pdf.output())


def _names(pdf: Document, sheet: Sheet, left: float) -> None:
    """Write who is known here, else who is the nearest, as far as the page allows."""
    here = [actor for actor in sheet.known.actors if actor.category not in ("public", "hors_ess") and not actor.state]
    lines = [(actor.name, ", ".join(filter(None, (actor.types, actor.place)))) for actor in here] or [
        (f"{near.name}, {near.actor.place}, à {number(near.km, 1)}{NBSP}km", ", ".join(themes))
        for near, themes in sheet.known.near_actors
    ]
    width = MARGIN + WIDTH - left
    if lines:
        title = "Ici, dans l’annuaire" if here else "Les plus proches, à vol d’oiseau"
        pdf.paragraph(Text(bound(f"{title} :"), 12, "B", DEEP), left, width)
    for name, words in lines:
        texts = (Text(name, 12, "B"), Text(words, 9.5, colour=SOFT))
        tall = sum(len(pdf.lines(text, width)) * text.line for text in texts)
        if pdf.y + tall > pdf.bottom - 6:
            break
        for text in texts:
            pdf.paragraph(text, left, width, after=0)
        pdf.y += 1.6
