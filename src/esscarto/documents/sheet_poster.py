"""The poster of a territory: one page of A4 with its map, what is known, and a QR code to its sheet."""

from esscarto import links
from esscarto.documents.pdf_code import draw_code
from esscarto.documents.pdf_map import draw_map
from esscarto.documents.pdf_page import DEEP, MARGIN, SOFT, WIDTH, Document, Text
from esscarto.french import bound, count, number
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
    elif sheet.known.near:
        near = min(sheet.known.near, key=lambda one: one.km)
        said = f"Aucun acteur connu ici ; le plus proche : {near.actor.name}, à {number(near.km, 1)} km"
    else:
        said = "Aucun acteur connu ici"
    pdf.paragraph(Text(bound(said), 18, "B", align="C"), after=1)
    if sheet.first:
        first = sheet.first
        ways = ", ".join(filter(None, (first.name, first.function, first.email or first.telephone)))
        pdf.paragraph(Text(bound(f"Un projet ? {ways}"), 13, align="C"), after=4)
    if not links.public(base):
        return bytes(pdf.output())
    address = f"{base}/territoires?t={sheet.territory}"
    top = min(pdf.y, pdf.bottom - _CODE - 20)
    draw_code(pdf, address, MARGIN + (WIDTH - _CODE) / 2, top, _CODE)
    pdf.set_y(top + _CODE + 2)
    pdf.paragraph(Text("La fiche : chiffres, acteurs, contacts et leurs sources", 12, align="C"), after=0.5)
    pdf.paragraph(Text(address, 9, colour=SOFT, align="C", link=address))
    return bytes(pdf.output())
