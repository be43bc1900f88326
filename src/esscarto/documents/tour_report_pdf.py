"""The report of a tour for its steering committee, on one page of A4: what was noted of each stop, what is left to do.

The type shrinks until all of it fits. When the smallest is not enough, texts are cut and the page says so: the full
ones are in the workbook.
"""

import datetime
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from esscarto.documents.pdf_page import DEEP, SOFT, WIDTH, Document, Text, tidy
from esscarto.french import bound, count, date, enumerate_words
from esscarto.tour_report import Line, TourReport

TITLE = "Compte rendu"
SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
CUT = "[…]"
_STOPS = [54.0, 20.0, WIDTH - 74.0]
_ACTIONS = [WIDTH - 60.0, 60.0]
_MOST_LINES = 40
_LINE_LETTERS = 400
"""More than a line of the smallest type can hold."""
_NO_LIMIT = 10_000

Row = tuple[list[list[Text]], list[float]]


@dataclass(frozen=True)
class _Room:
    """How much of the report is written: size of the type, lines of a text, rows of each table."""

    size: float
    lines: int = _NO_LIMIT
    stops: int = _NO_LIMIT
    actions: int = _NO_LIMIT

    @property
    def cuts(self) -> bool:
        return self.lines < _NO_LIMIT


def export(report: TourReport, day: datetime.date) -> bytes:
    """Return the report as a PDF of one page.

    Parameters
    ----------
    report : TourReport
        What the tour brought back.
    day : datetime.date
        The day of the document.
    """
    tour = report.table.tour
    pdf = Document(f"{tour.name}, {TITLE.lower()}", day, f"esscarto · {TITLE} · {tidy(tour.name)[:60]}")
    pdf.set_subject("Économie sociale et solidaire")
    pdf.add_page()
    when = date(tour.day.isoformat()) if tour.day else "date non fixée"
    pdf.paragraph(Text(f"{TITLE} pour le comité de pilotage · {when}", 10, colour=SOFT), after=0.5)
    pdf.paragraph(Text(tour.name, 20 if len(tour.name) < 40 else 14, "B", DEEP), after=1)
    pdf.paragraph(Text(bound(f"Prévu : {report.table.sentence}"), 9.5, colour=SOFT), after=0.5)
    pdf.paragraph(Text(report.sentence, 11, "B"), after=0)
    rooms = list(_rooms(report))
    room = rooms[bisect_left(rooms, True, hi=len(rooms) - 1, key=lambda room: _fits(pdf, report, room))]
    pdf.heading("Ce qui a été noté", room=0)
    for cells, widths in _stops(pdf, report, room):
        pdf.row(cells, widths)
    if report.actions:
        pdf.heading("Suites à donner", room=0)
        for cells, widths in _actions(pdf, report, room):
            pdf.row(cells, widths)
    pdf.y += 1.5
    for text in _foot(pdf, report, room):
        pdf.paragraph(text, after=0.3)
    return bytes(pdf.output())


def _rooms(report: TourReport) -> Iterator[_Room]:
    """Yield the ways to write the report, the fullest first; the last one always fits."""
    yield from map(_Room, SIZES)
    for lines in range(_MOST_LINES, 0, -1):
        yield _Room(SIZES[-1], lines)
    stops, actions = len(report.noted), len(report.actions)
    for most in range(max(stops, actions), -1, -1):
        # What is left to do gives way first: each stop says what it was.
        yield _Room(SIZES[-1], 1, max(most, min(stops, 30)), most)
    for most in range(stops, -1, -1):
        yield _Room(SIZES[-1], 1, most, 0)


def _fits(pdf: Document, report: TourReport, room: _Room) -> bool:
    """Whether the report fits what is left of the page: measured row by row, until it does not."""
    heading = 4.0 + Text("", 13).line + 1.0
    foot = sum(len(pdf.lines(text, WIDTH)) * text.line + 0.3 for text in _foot(pdf, report, room))
    left = pdf.bottom - pdf.y - heading * (1 + bool(report.actions)) - 1.5 - foot
    for row in chain(_stops(pdf, report, room), _actions(pdf, report, room)):
        left -= pdf.height(*row)
        if left < 0:
            return False
    return left >= 0


def _stops(pdf: Document, report: TourReport, room: _Room) -> Iterator[Row]:
    for line in report.noted[: room.stops]:
        one = line.feedback
        present = "" if one.present is None else count(one.present, "présent")
        cells = [Text(line.title, room.size, "B"), Text(present, room.size), Text(_flat(one.notes), room.size)]
        yield [[_cut(pdf, cell, width, room)] for cell, width in zip(cells, _STOPS, strict=True)], _STOPS


def _actions(pdf: Document, report: TourReport, room: _Room) -> Iterator[Row]:
    for action, line in report.actions[: room.actions]:
        cells = [Text(f"• {action}", room.size), Text(line.title, room.size, colour=SOFT)]
        yield [[_cut(pdf, cell, width, room)] for cell, width in zip(cells, _ACTIONS, strict=True)], _ACTIONS


def _foot(pdf: Document, report: TourReport, room: _Room) -> list[Text]:
    said = []
    if report.silent:
        names = enumerate_words(line.feedback.name for line in report.silent)
        said.append(f"Rien de noté : {names}.")
    if report.present is not None:
        said.append("Présences : les présents de chaque étape, additionnés. Qui était à deux étapes compte deux fois.")
    left = _left(report.noted[room.stops :], report.actions[room.actions :])
    if left:
        said.append(f"Ne tiennent pas sur cette page, et sont dans le classeur Excel : {left}.")
    if room.cuts:
        said.append(f"Les textes coupés finissent par {CUT} : ils sont entiers dans le classeur Excel.")
    texts = [Text(bound(words), 7.0, colour=SOFT) for words in said]
    return [_cut(pdf, text, WIDTH + 3, replace(room, lines=2)) if room.cuts else text for text in texts]


def _left(stops: list[Line], actions: list[tuple[str, Line]]) -> str:
    said = [count(len(stops), "étape")] if stops else []
    return enumerate_words([*said, *([count(len(actions), "suite")] if actions else [])])


def _flat(text: str) -> str:
    """Return a text on one line, its own lines told apart."""
    return " / ".join(filter(None, map(str.strip, text.splitlines())))


def _cut(pdf: Document, text: Text, width: float, room: _Room) -> Text:
    """Return a text of no more lines than there is room for, its end said to be cut."""
    if not room.cuts:
        return text
    kept = pdf.lines(replace(text, words=text.words[: (room.lines + 1) * _LINE_LETTERS]), width - 3)
    if len(kept) <= room.lines:
        return text
    words = " ".join(kept[: room.lines]).split(" ")
    while words and len(pdf.lines(replace(text, words=" ".join((*words, CUT))), width - 3)) > room.lines:
        words.pop()
    return replace(text, words=" ".join((*words, CUT)))
