"""Notes come back from a telephone or a spreadsheet: read as they are, shown, written once."""

import csv
import dataclasses
import io

import openpyxl
import pytest

from esscarto.documents.tour_return_files import exchange
from esscarto.errors import DataError
from esscarto.feedback import COLUMNS, TABLE, Feedback, held, keep, of_tour
from esscarto.feedback_import import plan, read, write
from esscarto.storage.store import ConflictError, FileStore

NAMES = {"anne-morgan": "Anne Morgan", "ateliers-de-taux": "Les Ateliers de Taux"}
NOTES = 'Dit : « un local ; vite »\n"guillemets", ligne 3'
ROWS = (
    Feedback("Novembre", "anne-morgan", "Anne Morgan", "2026-11-26", 12, NOTES, "- Écrire\n=1+1"),
    Feedback("Novembre", "ateliers-de-taux", "Les Ateliers de Taux", "2026-11-26", None, "+33 vus", "@suivre"),
)
MOBILE = " ".join(("06", "12", "34", "56", "78"))
HEADER = "tour;jour;acteur;nom;presents;notes;suites"


def seen(store):
    snapshot = store.read(TABLE, COLUMNS)
    return held(snapshot.rows), snapshot.version


def bring(store, brought, chosen=None, destinations=None):
    now, version = seen(store)
    return write(store, plan(now, brought.rows, destinations or {}, chosen), seen=version, role="referent")


def test_the_file_is_that_of_the_contract():
    content = exchange([*ROWS, Feedback("Novembre", "vide", "Vide")])
    assert content.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["anne-morgan", "ateliers-de-taux"]
    assert rows[1] == ["Novembre", "2026-11-26", "anne-morgan", "Anne Morgan", "12", NOTES, "'- Écrire\n=1+1"]
    assert rows[2][5:] == ["'+33 vus", "'@suivre"]


def as_workbook(content: bytes) -> bytes:
    """Save a CSV as a spreadsheet does: numbers as numbers, apostrophes as they are."""
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def as_french_excel(content: bytes) -> bytes:
    """Save a CSV as a French Excel does: its own encoding, its own dates."""
    return content.decode("utf-8-sig").replace("2026-11-26", "26/11/2026").encode("cp1252")


@pytest.mark.parametrize(
    ("ending", "save"),
    [
        ("csv", bytes),
        ("csv", as_french_excel),
        ("csv", lambda content: content.decode("utf-8-sig").replace("\r\n", "\n").encode("utf-16")),
        ("xlsx", as_workbook),
    ],
    ids=["ours", "excel", "utf-16", "workbook"],
)
def test_what_was_exported_comes_back_whatever_saved_it_again(ending, save):
    brought = read(save(exchange(ROWS)), f"retour.{ending}", NAMES)
    assert brought.rows == ROWS
    assert brought.refused == ()


def test_the_same_file_twice_adds_nothing(tmp_path):
    store = FileStore(tmp_path)
    keep(store, dataclasses.replace(ROWS[0], notes="Avant.", present=8), Feedback(*ROWS[0].key), role="referent")
    brought = read(exchange(ROWS), "retour.csv", NAMES)
    assert bring(store, brought) == 2
    found = of_tour(store, "Novembre")
    assert found["anne-morgan"].notes == f"Avant.\n{NOTES}"
    assert found["anne-morgan"].present == 12
    content = (tmp_path / "retours.csv").read_bytes()
    assert bring(store, brought) == 0
    assert (tmp_path / "retours.csv").read_bytes() == content


def test_two_numbers_ask_which_to_keep_and_the_brought_one_is_proposed():
    now = {ROWS[0].key: dataclasses.replace(ROWS[0], present=40)}
    (step,) = plan(now, ROWS[:1], {})
    assert (step.numbers, step.after.present, step.changes) == ((40, 12), 12, True)
    (step,) = plan(now, ROWS[:1], {}, {ROWS[0].key: 40})
    assert (step.after.present, step.changes) == (40, False)


def test_several_rows_of_one_stop_are_put_together():
    twice = [dataclasses.replace(ROWS[0], notes=words, present=None) for words in ("A", "B", "A")]
    (step,) = plan({}, twice, {})
    assert step.after.notes == step.new_notes == "A\nB"


def test_the_rows_of_another_tour_go_where_they_are_sent():
    (step,) = plan({}, ROWS[:1], {"Novembre": "Mars"})
    assert step.after.key == ("Mars", "anne-morgan")


def test_a_row_that_does_not_hold_is_refused_with_its_line_and_why_and_the_others_come():
    lines = [
        HEADER,
        "Novembre;;inconnu;Qui sait;3;Un mot;",
        "Novembre;;anne-morgan;;une dizaine;;",
        "Novembre;;anne-morgan;;;Écrire à p.dupont@exemple.fr;",
        "Novembre;;anne-morgan;;;;",
        "Novembre;26 novembre 2026;ateliers-de-taux;;7,0;Vu;",
    ]
    brought = read("\r\n".join(lines).encode("utf-8-sig"), "retour.csv", NAMES)
    assert [(one.line, one.who) for one in brought.refused] == [(2, "Qui sait"), (3, "anne-morgan"), (4, "anne-morgan")]
    whys = [one.why.replace("\u00a0", " ") for one in brought.refused]
    assert "aucun acteur ne porte l’identifiant « inconnu »" in whys[0]
    assert "n’est pas un nombre de présents" in whys[1]
    assert "adresse électronique nominative" in whys[2]
    assert brought.rows == (Feedback("Novembre", "ateliers-de-taux", "Les Ateliers de Taux", "2026-11-26", 7, "Vu"),)


def test_a_cell_that_is_refused_takes_no_other_with_it():
    lines = [
        HEADER,
        "Novembre;;anne-morgan;;12;Écrire à p.dupont@exemple.fr;Revenir",
        f"Novembre;;ateliers-de-taux;;une dizaine;Vu;{MOBILE}",
    ]
    brought = read("\r\n".join(lines).encode(), "retour.csv", NAMES)
    first, second = brought.rows
    assert (first.present, first.notes, first.follow_ups) == (12, "", "Revenir")
    assert (second.present, second.notes, second.follow_ups) == (None, "Vu", "")
    assert [one.line for one in brought.refused] == [2, 3, 3]
    whys = [one.why for one in brought.refused]
    assert whys[0].startswith("les notes contiennent une adresse électronique nominative")
    assert "une dizaine" in whys[1]
    assert whys[2].startswith("les suites contiennent")
    assert all(why.endswith("Le reste de la ligne est gardé.") for why in whys)


def test_texts_that_are_too_long_together_are_refused_and_leave_what_is_noted():
    now = {ROWS[0].key: dataclasses.replace(ROWS[0], notes="a" * 3000)}
    (step,) = plan(now, [dataclasses.replace(ROWS[0], notes="b" * 3000)], {})
    assert "caractères" in step.why
    assert not step.changes


@pytest.mark.parametrize("content", [b"nom;ville\nA;B\n", b"acteur;nom\nanne-morgan;A\n", b"%PDF-1.7", b""])
def test_another_file_is_refused_in_words(content):
    with pytest.raises(DataError):
        read(content, "retour.csv", NAMES)


def test_nothing_is_written_when_somebody_has_noted_something_since(tmp_path):
    store = FileStore(tmp_path)
    now, version = seen(store)
    steps = plan(now, ROWS, {})
    keep(store, ROWS[0], Feedback(*ROWS[0].key), role="referent")
    with pytest.raises(ConflictError):
        write(store, steps, seen=version, role="referent")
    assert list(of_tour(store, "Novembre")) == ["anne-morgan"]
