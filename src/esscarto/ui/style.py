"""The few rules of style that the theme cannot say."""

from pathlib import Path

import streamlit as st

_CSS = Path(__file__).resolve().parent / "style.css"
FAVICON = Path(__file__).resolve().parent / "favicon.svg"


def apply() -> None:
    """Add the page's own style sheet."""
    st.html(_CSS)
