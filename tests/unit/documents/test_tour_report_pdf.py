"""The report of a tour: always one page, its type as large as it may be, its cuts said."""

import datetime
import io

import pypdf
import pytest

from esscarto.documents import tour_report_pdf, tour_return_files
from esscarto.documents.tour_report_pdf import CUT, SIZES
from esscarto.feedback import FOLLOW_UPS_LETTERS, NOTES_LETTERS, Feedback
from esscarto.timetable import build as timetable
from esscarto.tour_report import TourReport, build
from esscarto.tours import MOST, NAME_LETTERS, Tour

DAY, TODAY = datetime.date(2026, 11, 26), datetime.date(2026, 11, 27)
ACTORS = ["ateliers-de-taux", "apei-des-2-vallees-coyolles", "anne-morgan", "a-table-citoyens"]


def report(site, actors: list[str], notes: str, follow_ups: str, name: str = "Novembre") -> TourReport:
    table = timetable(site, Tour(name, DAY, "02722").with_actors(actors))
    held = {actor: Feedback(name, actor, actor, DAY.isoformat(), 12, notes, follow_ups) for actor in actors[:-1]}
    return build(table, held)


def read(content: bytes) -> tuple[int, str, set[float]]:
    """Return how many pages, their words, and the sizes of their letters."""
    sizes: set[float] = set()
    book = pypdf.PdfReader(io.BytesIO(content))
    words = [
        page.extract_text(visitor_text=lambda text, _cm, _tm, _font, size: sizes.add(size) if text.strip() else None)
        for page in book.pages
    ]
    return len(book.pages), " ".join(" ".join(words).split()), sizes


def test_a_short_report_says_all_in_large_letters(site):
    pages, words, sizes = read(tour_report_pdf.export(report(site, ACTORS, "Un atelier.", "Écrire au maire"), TODAY))
    assert pages == 1
    assert words.count("Un atelier.") == words.count("Écrire au maire") == words.count("12 présents") == 3
    assert "36 présences" in words
    assert "3 sur 4 étapes" in words
    assert "Rien de noté : A Table Citoyens." in words
    assert SIZES[0] in sizes
    assert CUT not in words


def test_the_type_shrinks_before_a_word_is_cut(site):
    notes = " ".join(f"mot{rank}" for rank in range(210))
    pages, words, sizes = read(tour_report_pdf.export(report(site, ACTORS, notes, "Écrire au maire"), TODAY))
    assert pages == 1
    assert words.count("mot209") == 3
    assert sizes & {8.0, 8.5, 9.0}
    assert CUT not in words


@pytest.mark.parametrize("stops", [4, MOST])
def test_beyond_the_smallest_type_texts_are_cut_and_the_page_says_where_they_are_whole(site, stops):
    actors = list(site.actors.frame.index[:stops])
    long = report(
        site,
        actors,
        ("mot " * NOTES_LETTERS)[:NOTES_LETTERS],
        ("Faire ceci ou cela\n" * 200)[:FOLLOW_UPS_LETTERS],
        "N" * NAME_LETTERS,
    )
    pages, words, sizes = read(tour_report_pdf.export(long, TODAY))
    assert pages == 1
    assert CUT in words
    assert "sont entiers dans le classeur" in words
    assert min(sizes) == SIZES[-1]
    assert words.count("12 présents") == stops - 1


def test_a_tour_without_a_note_has_its_page_too(site):
    table = timetable(site, Tour("Novembre").with_actors(ACTORS))
    pages, words, _ = read(tour_report_pdf.export(build(table, {}), TODAY))
    assert pages == 1
    assert "date non fixée" in words


def test_the_workbook_holds_the_full_texts(site):
    import openpyxl

    notes = "mot " * 900 + "fin"
    content = tour_return_files.workbook(report(site, ACTORS, notes, "- Un\n- Deux"), TODAY)
    book = openpyxl.load_workbook(io.BytesIO(content))
    stops, actions = (list(book[name].values) for name in ("Étapes", "Suites"))
    assert [row[2] for row in stops[1:4]] == [notes] * 3
    assert len(stops) == 5
    assert [row[0] for row in actions] == ["Suite à donner", *["Un", "Deux"] * 3]
