"""What a visit brought back: checked, kept, amended by two people, never losing a word."""

import dataclasses

import pytest

from esscarto.errors import DataError
from esscarto.feedback import (
    COLUMNS,
    MOST_PRESENT,
    NOTES_LETTERS,
    TABLE,
    Feedback,
    checked,
    held,
    keep,
    merged,
    of_tour,
)
from esscarto.storage.store import FileStore

EMPTY = Feedback("Novembre", "anne-morgan", "Anne Morgan", "2026-11-26")
NOTED = dataclasses.replace(
    EMPTY, present=12, notes="Accueil par l’équipe.\n\n« Un local ; vite ! »", follow_ups="- Écrire\n• Rappeler"
)


def test_what_is_noted_is_read_back_and_goes_when_it_is_emptied(tmp_path):
    store = FileStore(tmp_path)
    assert of_tour(store, "Novembre") == {}
    assert keep(store, NOTED, EMPTY, role="referent") == NOTED
    assert of_tour(store, "Novembre") == {"anne-morgan": NOTED}
    assert of_tour(store, "Mars") == {}
    keep(store, EMPTY, NOTED, role="referent")
    assert of_tour(store, "Novembre") == {}
    assert len(store.versions(TABLE)) == 2


def test_each_stop_has_one_row_and_the_others_stay(tmp_path):
    store = FileStore(tmp_path)
    other = dataclasses.replace(NOTED, actor="ateliers-de-taux", name="Les Ateliers de Taux")
    keep(store, NOTED, EMPTY, role="referent")
    keep(store, other, dataclasses.replace(EMPTY, actor="ateliers-de-taux"), role="referent")
    keep(store, dataclasses.replace(NOTED, present=13), NOTED, role="referent")
    assert {actor: one.present for actor, one in of_tour(store, "Novembre").items()} == {
        "ateliers-de-taux": 12,
        "anne-morgan": 13,
    }


def test_actions_are_the_lines_without_their_dashes():
    assert NOTED.actions == ["Écrire", "Rappeler"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"notes": "Voir avec p.dupont@exemple.fr"}, "les notes contiennent une adresse électronique nominative"),
        ({"follow_ups": "Rappeler au 06 00 00 00 00"}, "les suites contiennent un numéro de téléphone mobile"),
        ({"notes": "a" * (NOTES_LETTERS + 1)}, "il en tient 4"),
        ({"present": MOST_PRESENT + 1}, "de 0 à 9"),
        ({"present": -1}, "de 0 à 9"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_the_name_of_the_stop_and_nothing_is_written(tmp_path, change, said):
    store = FileStore(tmp_path)
    with pytest.raises(DataError, match=said) as refused:
        keep(store, dataclasses.replace(NOTED, **change), EMPTY, role="referent")
    assert refused.value.where == "Anne Morgan"
    assert refused.value.remedy
    assert of_tour(store, "Novembre") == {}


def test_nobody_writes_without_a_role(tmp_path):
    with pytest.raises(DataError, match="aucun rôle"):
        keep(FileStore(tmp_path), NOTED, EMPTY, role="")
    assert not (tmp_path / "retours.csv").exists()


def test_a_text_loses_what_could_disguise_it_and_the_spaces_at_the_ends():
    typed = dataclasses.replace(EMPTY, notes=" a\u202eb\x07  \r\nc\t \n")
    assert checked(typed).notes == "ab\nc"


@pytest.mark.parametrize(
    ("now", "brought", "kept"),
    [
        ("", "B", "B"),
        ("A", "", "A"),
        ("A", "A", "A"),
        ("A", "B", "A\nB"),
        ("A\nB", "B", "A\nB"),
        ("A\nB", "A", "A\nB"),
        ("A", "A\nB", "A\nB"),
        ("Aller", "All", "Aller\nAll"),
    ],
)
def test_two_texts_are_joined_without_a_word_lost_or_said_twice(now, brought, kept):
    first, second = dataclasses.replace(EMPTY, notes=now), dataclasses.replace(EMPTY, notes=brought)
    assert merged(first, second).notes == kept
    assert merged(merged(first, second), second).notes == kept


def test_what_somebody_else_wrote_meanwhile_is_kept_beside_what_is_typed(tmp_path):
    store = FileStore(tmp_path)
    keep(store, dataclasses.replace(EMPTY, notes="A", present=8), EMPTY, role="referent")
    # Opened before that, on nothing: the number is not touched, the text is.
    kept = keep(store, dataclasses.replace(EMPTY, notes="B"), EMPTY, role="referent")
    assert (kept.notes, kept.present) == ("A\nB", 8)


def test_a_field_that_only_one_of_them_changed_is_as_this_one_left_it(tmp_path):
    store = FileStore(tmp_path)
    keep(store, NOTED, EMPTY, role="referent")
    keep(store, dataclasses.replace(NOTED, follow_ups=""), NOTED, role="referent")
    kept = keep(store, dataclasses.replace(NOTED, notes="Relu."), NOTED, role="referent")
    assert (kept.notes, kept.follow_ups) == ("Relu.", "")


def test_a_row_that_a_spreadsheet_has_spoilt_is_read_and_the_others_are_left_as_they_are(tmp_path):
    store = FileStore(tmp_path)
    rows = ["Mars,26/11/2026,x,X,une dizaine,Texte,", "Mars,,x,X,7,Texte bis,"]
    (tmp_path / "retours.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    found = held(store.read(TABLE, COLUMNS).rows)
    assert found["Mars", "x"] == Feedback("Mars", "x", "X", "", 7, "Texte\nTexte bis")
    keep(store, NOTED, EMPTY, role="referent")
    assert (tmp_path / "retours.csv").read_text(encoding="utf-8").splitlines()[1:3] == rows
