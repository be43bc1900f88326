"""A drawing as a picture: the SVG that the page shows, turned into PNG with an open font that travels with it."""

import re

from esscarto.errors import DataError

FONT = "Source Sans Pro"
"""The font of the drawings: the one of the pages, under the SIL Open Font License."""
ZOOM = 2
"""Pixels for one unit of the drawing: sharp on a projector and in a report."""

_NAMES_A_FILE = re.compile(r"<\s*(?:fe)?image", re.IGNORECASE)


def png(svg: str) -> bytes:
    """Return the PNG of a drawing that gives its own width and height, on white.

    Nothing of the machine is read: neither its fonts, nor any file, since a drawing that names one is refused.

    Raises
    ------
    DataError
        When the drawing cannot be read, or names another file.
    """
    # Imported here: a page that draws needs neither.
    import font_source_sans_pro as fonts
    import resvg_py

    try:
        if _NAMES_A_FILE.search(svg):
            raise ValueError("a drawing of ours holds no picture")
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                background="#ffffff",
                zoom=ZOOM,
                font_family=FONT,
                sans_serif_family=FONT,
                skip_system_fonts=True,
                font_files=[fonts.font_files_ttf[name] for name in ("SourceSansPro", "SourceSansProSemibold")],
            )
        )
    except ValueError as error:
        raise DataError("ce dessin ne peut pas être changé en image", remedy="Prenez le fichier SVG.") from error
