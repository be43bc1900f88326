"""The buttons that take a comparison away: its table in Excel, its drawing as a picture or as lines."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from esscarto.ui import offer
from esscarto.ui.bars import Chart

Sheets = Callable[[datetime.date], dict[str, list[list[Any]]]]


def draw(page: str, name: str, chart: Callable[[], Chart], sheets: Sheets) -> None:
    """Draw the three buttons; a file is made when its button is clicked, not before."""
    today = datetime.date.today()
    files = (
        (
            "Exporter en Excel",
            "xlsx",
            offer.EXCEL,
            partial(_workbook, name, sheets, today),
            "Les valeurs, les sources.",
        ),
        ("Image PNG", "png", "image/png", partial(_picture, chart), "Pour un diaporama ou un rapport."),
        ("Dessin SVG", "svg", "image/svg+xml", partial(_drawing, chart), "Pour retoucher ou imprimer en grand."),
    )
    named = (
        offer.File(label, f"{name}-{today.isoformat()}.{extension}", mime, content, use)
        for label, extension, mime, content, use in files
    )
    offer.row(f"{page}_fichier", named, main=files[0][0])


def _workbook(title: str, sheets: Sheets, day: datetime.date) -> bytes:
    # Imported here, as below: what writes files is slow to load, and no page needs to wait for it.
    from esscarto.documents.tables_xlsx import export

    return export(title, sheets(day), day)


def _picture(chart: Callable[[], Chart]) -> bytes:
    from esscarto.documents.picture import png

    return png(chart().svg())


def _drawing(chart: Callable[[], Chart]) -> bytes:
    return chart().svg().encode()
