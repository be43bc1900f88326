"""The bars of a comparison: one axis from zero, its reference line, and apart what may not stand on it.

One layout serves the page, in HTML that follows the width of the screen, and the files, in SVG of a fixed width:
Streamlit keeps no drawing written inside a page.
"""

import textwrap
from dataclasses import dataclass
from typing import Any

from esscarto.french import NBSP
from esscarto.ui import render
from esscarto.ui.neighbours import MARK

LONGEST, VALUES = 70.0, 72.0
"""Share of the width that the longest bar takes, and where the values are written, which no line then crosses."""
ROW, TOP = 46, 30
PAGE, MARGIN = 760, 20
TITLE_CHARACTERS, NOTE_CHARACTERS = 74, 116
"""Characters in a line of the title and of the notes of a file, at their sizes."""


@dataclass(frozen=True)
class Bar:
    """One value: whose it is, its length, and how it is written."""

    name: str
    value: float | None
    text: str
    detail: str = ""
    """On what it rests, beside the name: « 1 acteur »."""
    own: bool = False
    """Whether the visitor comes from there: its name is bold and marked."""


@dataclass(frozen=True)
class Apart:
    """A figure that the guard keeps off the axis, and why."""

    name: str
    text: str
    why: str
    source: str = ""


@dataclass(frozen=True)
class Chart:
    """What is drawn."""

    title: str
    bars: tuple[Bar, ...]
    reference: Bar | None = None
    apart: tuple[Apart, ...] = ()
    notes: tuple[str, ...] = ()
    caution: str = ""
    """What to know before reading the bars, under the label of the reference."""

    def layout(self) -> dict[str, Any]:
        """Return where each part goes: lengths in hundredths of the width, heights in pixels."""
        values = [bar.value for bar in (*self.bars, self.reference) if bar and bar.value is not None]
        unit = LONGEST / max(values, default=0) if max(values, default=0) > 0 else 0.0
        top = TOP if self.reference else 4
        return {
            "titre": self.title,
            "barres": [
                {
                    "rang": rank,
                    "nom": f"{MARK}{NBSP}{bar.name}" if bar.own else bar.name,
                    "ici": bar.own,
                    "detail": bar.detail,
                    "texte": bar.text,
                    "x": None if bar.value is None else round(bar.value * unit, 3),
                }
                for rank, bar in enumerate(self.bars)
            ],
            "reference": self.reference and {"nom": self.reference.name, "texte": self.reference.text},
            "prudence": self.caution,
            "valeurs": VALUES,
            "x": round((self.reference.value or 0) * unit, 3) if self.reference else 0,
            "haut": top,
            "rang": ROW,
            "hauteur": top + ROW * len(self.bars) + 6,
        }

    def show(self, with_notes: bool = True) -> None:
        """Draw the bars on the page, as text and blocks that follow its width; a table may give the notes instead."""
        render.show("barres.html", dessin=self.layout(), notes=self.notes if with_notes else ())

    def show_apart(self) -> None:
        """Draw what may not stand on the axis, hatched, each with the sentence why."""
        if self.apart:
            render.show("ecartes.html", ecartes=self.apart)

    def svg(self) -> str:
        """Return the drawing as a file that stands alone, with its title, its sentences and its sources."""
        return render.html(
            "barres_fichier.html",
            dessin=self.layout(),
            largeur=PAGE,
            marge=MARGIN,
            titre=textwrap.wrap(self.title, TITLE_CHARACTERS),
            ecartes=[
                (f"{one.name}{NBSP}: {one.text}", textwrap.wrap(_said(one), NOTE_CHARACTERS - 6)) for one in self.apart
            ],
            notes=[line for note in (self.caution, *self.notes) for line in textwrap.wrap(note, NOTE_CHARACTERS)],
        ).strip()


def _said(one: Apart) -> str:
    return f"{one.why} Source{NBSP}: {one.source}." if one.source else one.why
