"""The still map of a territory on a page: its areas as vectors, without a background to download."""

from collections.abc import Sequence

from fpdf.enums import TextMode

from esscarto.documents.pdf_page import Document
from esscarto.sheets.drawing import INKS, POINT
from esscarto.sheets.place import NAME, Place

MM = 0.24
"""Millimetres of a line, on paper, for one unit of the drawing of the screen."""
NAMES = (5.5, 7.0)
"""Typographic points of the name of a town, at least and at most."""


def draw_map(
    pdf: Document, place: Place, x: float, y: float, width: float, height: float, labels: Sequence[str] = ()
) -> float:
    """Draw a map as large as fits in a frame (millimetres), centred in its width, and return its height.

    The towns are named. Each point is a dot, with how many actors it stands for; with ``labels``, the text of each
    point instead.
    """
    scale = min(width / place.width, height / place.height)
    left = x + (width - place.width * scale) / 2
    with pdf.local_context():
        for shape in place.shapes:
            rings = [[(left + across * scale, y + down * scale) for across, down in ring] for ring in shape.rings]
            fill, line, width = INKS[shape.kind]
            pdf.area(rings, fill, line, width * MM)
        pdf.set_font("sans", "B", min(max(NAME * scale * pdf.k, NAMES[0]), NAMES[1]))
        for name, middle, foot in place.names:
            _name(pdf, name, left + middle * scale, y + foot * scale - 0.6)
        pdf.set_draw_color("#ffffff")
        pdf.set_line_width(0.25)
        for (across, down, _), label in zip(place.points, labels, strict=False):
            _label(pdf, label, left + across * scale, y + down * scale)
        for across, down, count in () if labels else place.points:
            radius = 0.9 if count == 1 else 1.6
            pdf.set_fill_color(POINT)
            pdf.circle(left + across * scale, y + down * scale, radius, style="DF")
            if count > 1:
                pdf.set_font("sans", "B", 6)
                pdf.set_text_color("#ffffff")
                pdf.set_xy(left + across * scale - 3, y + down * scale - 1.35)
                pdf.cell(6, 2.7, str(count), align="C")
    return place.height * scale


def _name(pdf: Document, name: str, middle: float, foot: float) -> None:
    """Write the name of a town over its point, with a white edge that parts it from the lines under it."""
    x = middle - pdf.get_string_width(name) / 2
    with pdf.local_context(text_mode=TextMode.STROKE, draw_color="#ffffff", line_width=1.8):
        pdf.text(x, foot, name)
    with pdf.local_context(text_color="#1c2526"):
        pdf.text(x, foot, name)


def _label(pdf: Document, label: str, x: float, y: float) -> None:
    """Write a short text in a rounded patch, its middle on a point."""
    pdf.set_font("sans", "B", 7.5)
    wide = max(pdf.get_string_width(label) + 1.8, 4.0)
    pdf.set_fill_color(POINT)
    pdf.rect(x - wide / 2, y - 2, wide, 4, style="DF", round_corners=True, corner_radius=1.9)
    pdf.set_text_color("#ffffff")
    pdf.set_xy(x - wide / 2, y - 1.6)
    pdf.cell(wide, 3.2, label, align="C")
