"""The buttons that take a comparison away: its table in Excel, its drawing as a picture or as lines."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from esscarto.ui.bars import Chart

Sheets = Callable[[datetime.date], dict[str, list[list[Any]]]]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(page: str, name: str, chart: Callable[[], Chart], sheets: Sheets) -> None:
    """Draw the three buttons; a file is made when its button is clicked, not before."""
    today = datetime.date.today()
    files = (
        ("Exporter en Excel", "xlsx", EXCEL, partial(_workbook, name, sheets, today), "Les valeurs et leurs sources."),
        ("Image PNG", "png", "image/png", partial(_picture, chart), "Pour un diaporama ou un rapport."),
        ("Dessin SVG", "svg", "image/svg+xml", partial(_drawing, chart), "Pour retoucher ou imprimer en grand."),
    )
    with st.container(horizontal=True):
        for label, extension, mime, content, use in files:
            st.download_button(
                label,
                content,
                f"{name}-{today.isoformat()}.{extension}",
                mime,
                key=f"{page}_{extension}",
                help=use,
                on_click="ignore",
                type="primary" if extension == "xlsx" else "secondary",
                icon=":material/download:",
            )


def _workbook(title: str, sheets: Sheets, day: datetime.date) -> bytes:
    # Imported here, as below: what writes files is slow to load, and no page needs to wait for it.
    from esscarto.documents.tables_xlsx import export

    return export(title, sheets(day), day)


def _picture(chart: Callable[[], Chart]) -> bytes:
    from esscarto.documents.picture import png

    return png(chart().svg())


def _drawing(chart: Callable[[], Chart]) -> bytes:
    return chart().svg().encode()
