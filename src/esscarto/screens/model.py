"""What a screen holds, ready to be drawn: words, figures and what the map shows; no layout."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from esscarto.site import Site
from esscarto.territories import Territory


@dataclass(frozen=True)
class Fact:
    """A figure in big type, what it counts, where it comes from, and its year or what qualifies it."""

    value: str
    label: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a list: its words, what qualifies them, and where they come from."""

    words: str
    detail: str = ""
    source: str = ""
    category: str = ""
    """Code of the symbol that stands before it; empty for none."""


@dataclass(frozen=True)
class View:
    """What the map shows beside a screen.

    Parameters
    ----------
    territory : Territory, optional
        What it frames; else ``point``, or the whole way of the tour when there is neither.
    point : tuple of (float, float), optional
        Longitude and latitude (degrees, EPSG:4326) of the stop that it flies to.
    level : str
        ``commune`` or ``epci``: the polygons that are drawn.
    indicator : str
        Key of ``metrics.INDICATORS`` that colours them; empty for none.
    values : pandas.Series, optional
        The indicator, on the codes of the level.
    white : pandas.Series, optional
        Whether each commune is white; it takes the place of the indicator.
    white_title : str
        What the legend says of white communes.
    actors : numpy.ndarray, optional
        Which actors are drawn, in the order of ``site.actors.frame``; None for none.
    """

    territory: Territory | None = None
    point: tuple[float, float] | None = None
    level: str = "commune"
    indicator: str = ""
    values: pd.Series | None = None
    white: pd.Series | None = None
    white_title: str = ""
    actors: np.ndarray | None = None


@dataclass(frozen=True)
class Screen:
    """One screen.

    Parameters
    ----------
    title : str
        The finding, when there is one.
    over, lead : str
        What stands over the title (``Visite 2 sur 6 · 10 h 30``), and the sentence under it.
    facts, lines : tuple
        Figures in big type, then a list.
    list_title : str
        What the list is.
    remark : str
        What a reader must know before quoting any of it.
    next : str
        What comes after this screen.
    sources : tuple of str
        Where the rest comes from: what is in no figure and no line.
    view : View
        What the map shows.
    """

    title: str
    view: View
    over: str = ""
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    lines: tuple[Line, ...] = ()
    list_title: str = ""
    remark: str = ""
    next: str = ""
    sources: tuple[str, ...] = ()

    @property
    def said_sources(self) -> tuple[tuple[str, str], ...]:
        """Every source of the screen, once, each with what it is the source of."""
        held: dict[str, list[str]] = {}
        for what, source in [
            *((fact.label, fact.source) for fact in self.facts),
            *((line.words, line.source) for line in self.lines),
            *(("", source) for source in self.sources),
        ]:
            if source:
                held.setdefault(source, []).extend([what] if what else [])
        return tuple((source, ", ".join(dict.fromkeys(whats))) for source, whats in held.items())


@dataclass(frozen=True)
class Deck:
    """Screens shown one after the other.

    Parameters
    ----------
    key : str
        ``tour`` or ``territoire``.
    title : str
        What its button says.
    screens : tuple of Screen
        In their order.
    """

    key: str
    title: str
    screens: tuple[Screen, ...]


def populations(site: Site) -> str:
    """Say where the inhabitants come from."""
    return f"Population municipale : {site.territories.vintages.get('populations', 'édition inconnue')}"
