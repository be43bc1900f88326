"""A deck of editable slides: real titles, texts, tables and charts that fit, sources in small type and in the notes."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from esscarto.documents.pdf_page import DEEP, INK, SOFT, Document, Text, tidy
from esscarto.errors import DataError

try:
    import pptx
except ModuleNotFoundError as error:
    raise DataError(
        "les diapositives demandent le module python-pptx, qui n’est pas installé",
        remedy="Installez-le : pip install python-pptx, ou pip install 'esscarto[slides]'.",
    ) from error
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Mm, Pt

WIDTH, HEIGHT = 338.67, 190.5
"""Millimetres, as every measure here: sixteen by nine."""
MARGIN = 14.0
TOP, BOTTOM, FOOT = 33.0, 166.0, 168.0
"""Where the body begins and ends, and where the sources begin."""
BODY = WIDTH - 2 * MARGIN
LONGEST_TEXT, LONGEST_CELL = 700, 260
"""Characters of one text, alone and in a table: what is longer is cut, and whole in the notes."""
_PADDING = 2.0
_TITLE_ONLY = 5
_WHITE, _GROUND = "#ffffff", "#f6f3ea"

Cells = Sequence[Sequence[Text]]
"""A row: the texts of each of its cells."""


class Deck:
    """A deck of 16:9 slides in French.

    Parameters
    ----------
    title : str
        Title of the document.
    day : datetime.date
        Its date.
    """

    def __init__(self, title: str, day: datetime.date):
        self._deck = pptx.Presentation()
        _widen(self._deck)
        properties = self._deck.core_properties
        # A property holds 255 characters.
        properties.title, properties.author, properties.language = _plain(title)[:255], "esscarto", "fr-FR"
        properties.created = properties.modified = datetime.datetime.combine(day, datetime.time())
        # The deck names a font and carries none: that of our pages, a little wider, says where the lines end.
        self._measure = Document(title, day, "")

    def slide(self, title: str, foot: str, notes: str, width: float = BODY) -> Any:
        """Add a slide with its title, what its foot says in small type, and its notes."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_TITLE_ONLY])
        holder = slide.shapes.title
        holder.left, holder.top, holder.width, holder.height = Mm(MARGIN), Mm(10), Mm(width), Mm(20)
        holder.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _write(holder.text_frame, [Text(title, 28 if len(title) < 50 else 22, "B", DEEP)], LONGEST_CELL)
        self.text(slide, [Text(foot, 9, colour=SOFT)], (MARGIN, FOOT, BODY, HEIGHT - FOOT - 4))
        slide.notes_slide.notes_text_frame.text = _plain(notes)
        return slide

    def text(self, slide: Any, texts: Sequence[Text], box: tuple[float, float, float, float]) -> float:
        """Write paragraphs in a box (left, top, width, height) as far as they fit, and return where they end."""
        left, top, width, height = box
        kept: list[Text] = []
        end = top + _PADDING
        for text in texts:
            tall = self.tall([text], width) + text.line * 0.3
            if end + tall > top + height:
                break
            kept.append(text)
            end += tall
        if kept:
            shape = slide.shapes.add_textbox(Mm(left), Mm(top), Mm(width), Mm(height))
            _write(shape.text_frame, kept, after=0.3)
        return end

    def tall(self, texts: Sequence[Text], width: float, longest: int = LONGEST_TEXT) -> float:
        """Return the height that texts take in a width."""
        lines = [(text, len(self._measure.lines(_short(text, longest), width - 2 * _PADDING))) for text in texts]
        return sum(text.line * max(1, total) for text, total in lines)

    def fitting(self, head: Cells, rows: Sequence[Cells], widths: Sequence[float], height: float) -> int:
        """Return how many rows fit in a height under their head: one at least."""
        left = height - self._row_tall(head, widths)
        for at, row in enumerate(rows):
            left -= self._row_tall(row, widths)
            if left < 0:
                return max(1, at)
        return len(rows)

    def table(
        self,
        slide: Any,
        head: Cells,
        rows: Sequence[Cells],
        widths: Sequence[float],
        top: float = TOP,
        left: float = MARGIN,
    ) -> None:
        """Add a table that can be edited, with a head."""
        talls = [self._row_tall(row, widths) for row in (head, *rows)]
        frame = slide.shapes.add_table(
            1 + len(rows), len(widths), Mm(left), Mm(top), Mm(sum(widths)), Mm(round(sum(talls), 2))
        )
        for column, width in zip(frame.table.columns, widths, strict=True):
            column.width = Mm(width)
        for at, (row, tall) in enumerate(zip((head, *rows), talls, strict=True)):
            frame.table.rows[at].height = Mm(tall)
            for cell, texts in zip(frame.table.rows[at].cells, row, strict=True):
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(DEEP if not at else _GROUND if at % 2 else _WHITE)
                cell.margin_left = cell.margin_right = Mm(_PADDING)
                cell.margin_top = cell.margin_bottom = Mm(_PADDING / 2)
                _write(cell.text_frame, texts or [Text("", 9)], LONGEST_CELL)

    def bars(
        self,
        slide: Any,
        title: str,
        counts: Sequence[tuple[str, int]],
        box: tuple[float, float, float, float],
        colour: str = DEEP,
    ) -> None:
        """Add a chart of bars that can be edited; the words of the bars are ours, never a text of the data."""
        data = CategoryChartData()
        data.categories = [words for words, _ in counts]
        data.add_series(title, [total for _, total in counts])
        frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Mm, box), data)
        # Read aloud, a chart is its figures.
        said = ", ".join(f"{words} {total}" for words, total in counts)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{title} : {said}.")
        chart = frame.chart
        chart.has_legend = False
        chart.has_title = True
        _write(chart.chart_title.text_frame, [Text(title, 14, "B", INK)])
        chart.category_axis.reverse_order = True
        chart.category_axis.tick_labels.font.size = Pt(12)
        chart.category_axis.has_major_gridlines = chart.value_axis.has_major_gridlines = False
        chart.value_axis.visible = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width = 45
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(12)
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0", False
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = _colour(colour)

    def picture(self, slide: Any, png: bytes, said: str, box: tuple[float, float, float, float]) -> float:
        """Add a picture as large as fits in a box, and what it shows in words; return where it ends."""
        left, top, width, height = box
        shape = slide.shapes.add_picture(io.BytesIO(png), 0, 0)
        scale = min(Mm(width) / shape.width, Mm(height) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape.left, shape.top = Mm(left) + (Mm(width) - shape.width) // 2, Mm(top)
        shape._element.nvPicPr.cNvPr.set("descr", _plain(said))
        return top + shape.height / Mm(1)

    def content(self) -> bytes:
        """Return the file."""
        stream = io.BytesIO()
        self._deck.save(stream)
        return stream.getvalue()

    def _row_tall(self, row: Cells, widths: Sequence[float]) -> float:
        return _PADDING + max(self.tall(texts, width, LONGEST_CELL) for texts, width in zip(row, widths, strict=True))


def _widen(deck: Any) -> None:
    """Turn the deck that the library starts from, four by three, into sixteen by nine."""
    ratio = Mm(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Mm(WIDTH), Mm(HEIGHT)
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.shapes:
            # A shape without a place of its own follows that of the master.
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * ratio), int(shape.width * ratio)


def _write(frame: Any, texts: Sequence[Text], longest: int = LONGEST_TEXT, after: float = 0.0) -> None:
    """Write texts in a frame, a paragraph each; ``after`` is the space under each, in lines."""
    frame.word_wrap = True
    for at, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if not at else frame.add_paragraph()
        if after:
            paragraph.space_after = Pt(text.size * after)
        run = paragraph.add_run()
        run.text = _short(text, longest).words
        run.font.size, run.font.bold, run.font.italic = Pt(text.size), text.style == "B", text.style == "I"
        run.font.color.rgb = _colour(text.colour)
        run.font.language_id = MSO_LANGUAGE_ID.FRENCH
        if isinstance(text.link, str) and text.link:
            run.hyperlink.address = text.link


def _short(text: Text, longest: int) -> Text:
    words = _plain(text.words)
    return replace(text, words=words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…")


def _plain(words: str) -> str:
    """Return a text that a file of slides can hold: its lines stay, what XML refuses does not."""
    lines = (tidy(line) for line in words.split("\n"))
    return "\n".join(lines).translate({0xFFFE: None, 0xFFFF: None})


def _colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
