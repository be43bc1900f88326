"""A page of A4 with an embedded open font: paragraphs, rows, areas, and the foot of each page."""

import datetime
import functools
import re
from dataclasses import dataclass

import fpdf
from font_source_sans_pro import font_files_ttf

from esscarto.french import clean, date

MARGIN = 13.0
"""Millimetres."""
FOOT = 14.0
WIDTH = 210.0 - 2 * MARGIN
INK, SOFT, DEEP = "#1c2526", "#4a5557", "#0b5d66"
_BLANKS = re.compile("[ \\t\\n\\r\u2028\u2029]+")
_FACES = {"": "SourceSansPro", "B": "SourceSansProSemibold", "I": "SourceSansProIt"}


@dataclass(frozen=True)
class Text:
    """A text and how it is written: size in points, style, colour, alignment, address it leads to."""

    words: str
    size: float = 9.0
    style: str = ""
    colour: str = INK
    align: str = "L"
    link: str | int = ""
    """Address, or place of the document as ``add_link`` gives it."""

    @property
    def line(self) -> float:
        """Height of a line in millimetres."""
        return self.size * 0.43


class Document(fpdf.FPDF):
    """An A4 document in French: title in its properties, bookmarks, a foot with the date and the page.

    Parameters
    ----------
    title : str
        Title of the document.
    day : datetime.date
        Its date.
    foot : str
        What the foot of each page says before the page number.
    """

    def __init__(self, title: str, day: datetime.date, foot: str):
        super().__init__(format="A4")
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0.0
        for style, face in _FACES.items():
            self.add_font("sans", style, font_files_ttf[face])
        self.set_lang("fr")
        self.set_title(title)
        self.set_author("esscarto")
        self.set_creator("esscarto")
        self.set_creation_date(datetime.datetime.combine(day, datetime.time(), datetime.UTC))
        self._foot = f"{foot} · {date(day.isoformat())}"
        self._widths: dict[tuple[str, str], float] = {}

    def footer(self) -> None:
        """Write the foot: the page number stands for itself, the total is put in at the end."""
        foot = Text(self._foot, 7.5, colour=SOFT)
        self._write(foot, foot.words, MARGIN, 297 - FOOT + 6)
        self.set_xy(MARGIN, 297 - FOOT + 6)
        self.cell(WIDTH + 3, foot.line, f"page {self.page_no()}/{{nb}}", align="R")

    @property
    def bottom(self) -> float:
        """Where the page ends, above its foot."""
        return 297 - FOOT

    def heading(self, words: str, level: int = 0, room: float = 24.0) -> None:
        """Write a heading that is also a bookmark, on a new page when it would stand alone at the foot."""
        if self.y + room > self.bottom:
            self.add_page()
        text = Text(tidy(words), (13.0, 10.5)[level], "B", DEEP)
        self.y += (4.0, 2.2)[level]
        self.start_section(text.words, level)
        self.paragraph(text, after=1.0)

    def paragraph(self, text: Text, x: float = MARGIN, width: float = WIDTH, after: float = 1.2) -> None:
        """Write a text down the page, from page to page."""
        for line in self.lines(text, width):
            if self.y + text.line > self.bottom:
                self.add_page()
            self._write(text, line, x, self.y, width)
            self.y += text.line
        self.y += after

    def row(self, cells: list[list[Text]], widths: list[float], rule: str = "#e0dccf") -> None:
        """Write a row whose cells hold several texts, never cut by the end of a page when it fits one."""
        wrapped = self._wrapped(cells, widths)
        tall = _tall(wrapped)
        if self.y + tall > self.bottom:
            self.add_page()
        top = self.y
        for cell, left, width in zip(wrapped, _starts(widths), widths, strict=True):
            y = top + 0.7
            for text, line in cell:
                self._write(text, line, left + 1, y, width - 3)
                y += text.line
        self.y = top + tall
        self.set_draw_color(rule)
        self.set_line_width(0.2)
        self.line(MARGIN, self.y, MARGIN + sum(widths), self.y)

    def height(self, cells: list[list[Text]], widths: list[float]) -> float:
        """Return the height of a row, in millimetres."""
        return _tall(self._wrapped(cells, widths))

    def lines(self, text: Text, width: float) -> list[str]:
        """Return the lines of a text: cut at spaces, and inside a word longer than a line."""
        lines, current = [], ""
        for word in tidy(text.words).split(" "):
            whole = f"{current} {word}" if current else word
            if self._width(text, whole) <= width:
                current = whole
                continue
            if current:
                lines.append(current)
            while self._width(text, word) > width:
                cut = next(at for at in range(len(word) - 1, 0, -1) if at == 1 or self._width(text, word[:at]) <= width)
                lines.append(word[:cut])
                word = word[cut:]
            current = word
        return [*lines, current] if current else lines

    def area(self, rings: list[list[tuple[float, float]]], fill: str, line: str, width: float) -> None:
        """Draw an area: filled by its outer ring, each ring drawn; no colour stands for « not at all »."""
        self.set_line_width(width)
        if line:
            self.set_draw_color(line)
        if fill:
            self.set_fill_color(fill)
            self.polygon(rings[0], style="DF" if line else "F")
        for ring in rings[bool(fill) :]:
            self.polygon(ring, style="D")

    def _wrapped(self, cells: list[list[Text]], widths: list[float]) -> list[list[tuple[Text, str]]]:
        return [
            [(text, line) for text in cell for line in self.lines(text, width - 3)]
            for cell, width in zip(cells, widths, strict=True)
        ]

    def _width(self, text: Text, words: str) -> float:
        """Return a width in millimetres, each word measured once."""
        total = 0.0
        for at, word in enumerate(words.split(" ")):
            key = (text.style, word)
            if key not in self._widths:
                self.set_font("sans", text.style, 10)
                self._widths[key] = self.get_string_width(word)
            total += self._widths[key] + (self._space(text.style) if at else 0.0)
        return total * text.size / 10

    @functools.lru_cache(maxsize=8)  # noqa: B019 - a document lives as long as its file is being made
    def _space(self, style: str) -> float:
        self.set_font("sans", style, 10)
        return float(self.get_string_width(" "))

    def _write(self, text: Text, line: str, x: float, y: float, width: float = WIDTH) -> None:
        self.set_font("sans", text.style, text.size)
        self.set_text_color(text.colour)
        self.set_xy(x, y)
        self.cell(width, text.line, line, align=text.align, link=text.link)


def tidy(words: str) -> str:
    """Return a text on one line, without what could disguise it; the spaces that do not break stay."""
    return _BLANKS.sub(" ", clean(words).replace("\u2011", "-")).strip(" ")


def _starts(widths: list[float]) -> list[float]:
    return [MARGIN + sum(widths[:at]) for at in range(len(widths))]


def _tall(wrapped: list[list[tuple[Text, str]]]) -> float:
    return max((sum(text.line for text, _ in cell) for cell in wrapped), default=0.0) + 1.8
