"""Files to take away: a row of buttons, and where their links may lead."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import streamlit as st

from esscarto import links

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class File(NamedTuple):
    """One file: what its button says, its name and kind, and what makes it."""

    label: str
    name: str
    mime: str
    content: Callable[[], bytes | str]
    use: str | None = None
    disabled: bool = False


def row(key: str, files: Iterable[File], main: str = "") -> None:
    """Draw one button a file; a file is made when its button is clicked, not before.

    Parameters
    ----------
    key : str
        How the keys of the buttons begin; each ends with the rank of its file.
    files : iterable of File
        In their order.
    main : str
        Label of the one that most visitors want.
    """
    with st.container(horizontal=True):
        for rank, file in enumerate(files):
            button(f"{key}_{rank}", file, main=file.label == main)


def button(key: str, file: File, main: bool = False) -> None:
    """Draw the button of one file, where other buttons already stand in a row."""
    st.download_button(
        file.label,
        file.content,
        file.name,
        file.mime,
        key=key,
        help=file.use,
        on_click="ignore",
        type="primary" if main else "secondary",
        icon=":material/download:",
        disabled=file.disabled,
    )


def published(url: str) -> str:
    """Return where the site is published, from the address of one of its pages; "" on one machine only.

    What is printed is read elsewhere: the address of this machine leads nowhere from there.
    """
    return links.public(url.partition("?")[0].rpartition("/")[0])
