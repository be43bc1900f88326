"""A drawing as a picture: the SVG that the page shows, turned into PNG with an open font that travels with it."""

from esscarto.errors import DataError

FONT = "Source Sans Pro"
"""The font of the drawings: the one of the pages, under the SIL Open Font License."""
ZOOM = 2
"""Pixels for one unit of the drawing: sharp on a projector and in a report."""


def png(svg: str) -> bytes:
    """Return the PNG of a drawing that gives its own width and height, on white.

    Nothing of the machine is read: neither its fonts, nor any file that the drawing could name.

    Raises
    ------
    DataError
        When the drawing cannot be read.
    """
    # Imported here: a page that draws needs neither.
    import font_source_sans_pro as fonts
    import resvg_py

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                background="#ffffff",
                zoom=ZOOM,
                font_family=FONT,
                skip_system_fonts=True,
                font_files=[fonts.font_files_ttf[name] for name in ("SourceSansPro", "SourceSansProSemibold")],
            )
        )
    except ValueError as error:
        raise DataError("ce dessin ne peut pas être changé en image", remedy="Prenez le fichier SVG.") from error
