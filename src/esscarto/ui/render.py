"""Turn data into HTML: one autoescaped engine, so that a name is always shown as it is written."""

from pathlib import Path
from typing import Any

import jinja2
import streamlit as st

from esscarto import french
from esscarto.ui import state

_ENGINE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENGINE.filters.update(nombre=french.number, date=french.date, compte=french.count, lie=french.bound)


_ENGINE.globals["lien_vers"] = state.link


def html(template: str, **context: Any) -> str:
    """Return the HTML of one template of ``ui/templates``."""
    return _ENGINE.get_template(template).render(**context)


def show(template: str, **context: Any) -> None:
    """Draw one template on the page."""
    if body := html(template, **context).strip():
        st.html(body)
