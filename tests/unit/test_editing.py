"""Corrections, additions and retirements: what they change, and what is refused."""

from datetime import date

import pandas as pd
import pytest

from esscarto.editing import (
    Addition,
    Cell,
    Correction,
    Draft,
    EditError,
    Retirement,
    actors_schema,
    date_fault,
    faults,
    new_identifier,
    tidy,
    tidy_row,
)
from esscarto.errors import DataError
from esscarto.settings import SITE
from esscarto.storage.store import ConflictError
from esscarto.storage.table_text import format_table, parse_table

TODAY = date(2026, 11, 22)
ACTIVCITES = "activcites"


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    """Every row of the shipped directory."""
    return parse_table((SITE / "data" / "actors.csv").read_bytes(), "actors.csv")


@pytest.fixture
def draft(shipped: pd.DataFrame) -> Draft:
    return Draft(shipped, actors_schema())


def addition(**cells: str) -> Addition:
    known = {
        "id": "zeste-toy",
        "organisation": "zeste-toy",
        "nom": "Zeste",
        "statut_ess": "non_imprime",
        "roles": "operateur",
        "precision": "aucune",
        "statut": "a_verifier",
        "source": "000:1",
    }
    return Addition(known | cells)


def differences(before: pd.DataFrame, after: pd.DataFrame) -> set[tuple[str, str]]:
    """(id, column) of each cell that differs between two tables of the same rows."""
    assert before["id"].tolist() == after["id"].tolist()
    differ = before.ne(after)
    return {(before.at[row, "id"], column) for column in before for row in before.index[differ[column]]}


class TestCorrection:
    def test_only_the_corrected_cells_change(self, draft: Draft, shipped: pd.DataFrame):
        row = draft.row(ACTIVCITES)
        cells = draft.apply(Correction(ACTIVCITES, row, {**row, "telephone": "03 00 00 00 00", "nom": "Autre"}), TODAY)
        assert differences(shipped, draft.frame()) == {(ACTIVCITES, "telephone"), (ACTIVCITES, "nom")}
        assert set(cells) == {
            Cell(ACTIVCITES, "telephone", row["telephone"], "03 00 00 00 00"),
            Cell(ACTIVCITES, "nom", row["nom"], "Autre"),
        }

    def test_the_rows_given_are_left_as_they_are(self, draft: Draft, shipped: pd.DataFrame):
        before = format_table(shipped)
        draft.apply(Correction(ACTIVCITES, {}, {"nom": "Autre"}), TODAY)
        draft.apply(addition(), TODAY)
        assert format_table(shipped) == before

    def test_two_corrections_of_different_rows_both_pass(self, draft: Draft):
        seen = {actor: draft.row(actor) for actor in (ACTIVCITES, "ademe")}
        for actor, row in seen.items():
            draft.apply(Correction(actor, row, {"telephone": "03 00 00 00 00"}), TODAY)
        frame = draft.frame().set_index("id")
        assert frame.loc[list(seen), "telephone"].tolist() == ["03 00 00 00 00"] * 2

    @pytest.mark.parametrize("column", ["telephone", "note"])
    def test_the_second_editor_of_a_row_gets_a_message_and_nothing_is_overwritten(self, draft: Draft, column: str):
        seen = draft.row(ACTIVCITES)
        draft.apply(Correction(ACTIVCITES, seen, {"telephone": "03 00 00 00 00"}), TODAY)
        with pytest.raises(ConflictError) as refused:
            draft.apply(Correction(ACTIVCITES, seen, {column: "03 11 11 11 11"}), TODAY)
        assert "a changé depuis que vous l’avez ouverte, rien n’a été écrit" in refused.value.message
        assert "Téléphone" in refused.value.message
        assert "03 00 00 00 00" in refused.value.message
        assert draft.row(ACTIVCITES) == seen | {"telephone": "03 00 00 00 00"}

    def test_a_value_that_does_not_hold_is_refused_with_the_column_the_advice_and_no_change(
        self, draft: Draft, shipped: pd.DataFrame
    ):
        wrong = {"statut": "actf", "code_postal": "2200", "courriel": "x.canari@exemple.fr", "nom": " \u00a0"}
        with pytest.raises(EditError) as refused:
            draft.apply(Correction(ACTIVCITES, {}, wrong), TODAY)
        assert set(refused.value.faults) == set(wrong)
        assert "Vouliez-vous dire « actif » ?" in refused.value.faults["statut"]
        assert "nominative" in refused.value.faults["courriel"]
        assert refused.value.faults["nom"] == "cette valeur est obligatoire. Complétez-la."
        assert "Code postal" in str(refused.value)
        assert draft.frame().equals(shipped)

    @pytest.mark.parametrize(
        "number", ["03 23 55 66", "03 23 55", "appeler le siège", "03 23 00 00 00 / 03 23 11 11 11"]
    )
    def test_a_telephone_that_is_not_whole_is_refused(self, draft: Draft, number: str):
        with pytest.raises(EditError) as refused:
            draft.apply(Correction(ACTIVCITES, {}, {"telephone": number}), TODAY)
        assert refused.value.faults["telephone"].startswith("un numéro de téléphone a dix chiffres.")

    @pytest.mark.parametrize("number", ["03 23 00 00 00", "+33 (0)3.23.00.00.00", "0800 000 000", "3949", "116 117"])
    def test_a_telephone_is_taken_as_it_is_written(self, draft: Draft, number: str):
        draft.apply(Correction(ACTIVCITES, {}, {"telephone": number}), TODAY)
        assert draft.row(ACTIVCITES)["telephone"] == number

    def test_a_fault_that_was_there_before_does_not_stop_a_correction_elsewhere(self, shipped: pd.DataFrame):
        rows = shipped.assign(statut=shipped["statut"].where(shipped["id"] != ACTIVCITES, "actf"))
        draft = Draft(rows, actors_schema())
        row = draft.row(ACTIVCITES)
        draft.apply(Correction(ACTIVCITES, row, {**row, "telephone": "03 00 00 00 00"}), TODAY)
        assert differences(rows, draft.frame()) == {(ACTIVCITES, "telephone")}

    def test_a_form_sent_as_it_was_changes_nothing_and_says_so(self, draft: Draft):
        row = draft.row(ACTIVCITES)
        with pytest.raises(DataError, match="rien ne change dans cette fiche"):
            draft.apply(Correction(ACTIVCITES, row, {**row, "nom": f" {row['nom']}\n"}), TODAY)

    def test_every_text_is_kept_as_it_was_typed_but_for_controls_and_spaces_around(self, draft: Draft, hostile: str):
        draft.apply(Correction(ACTIVCITES, {}, {"description": hostile}), TODAY)
        kept = parse_table(format_table(draft.frame()), "x").set_index("id").at[ACTIVCITES, "description"]
        assert kept == tidy(hostile, several_lines=True)

    @pytest.mark.parametrize(
        ("actor", "after", "message"),
        [
            ("nulle-part", {"nom": "x"}, "aucune ligne ne porte l’identifiant"),
            (ACTIVCITES, {"id": "autre"}, "l’identifiant d’un acteur ne change pas"),
            (ACTIVCITES, {"prenom": "x"}, "la colonne «\u00a0prenom\u00a0» n’existe pas"),
            (ACTIVCITES, {}, "rien ne change"),
        ],
    )
    def test_what_cannot_be_corrected_is_refused(self, draft: Draft, actor: str, after: dict, message: str):
        with pytest.raises(DataError, match=message):
            draft.apply(Correction(actor, {}, after), TODAY)

    def test_two_rows_of_one_identifier_are_never_corrected_by_luck(self, shipped: pd.DataFrame):
        twice = pd.concat([shipped, shipped[shipped["id"] == ACTIVCITES]], ignore_index=True)
        with pytest.raises(DataError, match="plusieurs lignes portent l’identifiant"):
            Draft(twice, actors_schema()).apply(Correction(ACTIVCITES, {}, {"nom": "x"}), TODAY)

    def test_a_column_of_the_user_is_kept_and_can_be_corrected(self, shipped: pd.DataFrame):
        draft = Draft(shipped.assign(memo="à rappeler"), actors_schema())
        draft.apply(Correction(ACTIVCITES, {}, {"memo": "rappelé"}), TODAY)
        assert draft.frame()["memo"].value_counts().to_dict() == {"à rappeler": len(shipped) - 1, "rappelé": 1}


class TestAddition:
    def test_a_new_row_takes_its_place_in_the_order_of_the_file(self, draft: Draft, shipped: pd.DataFrame):
        draft.apply(addition(id="activcites-bis"), TODAY)
        frame = draft.frame()
        assert frame["id"].tolist() == sorted([*shipped["id"], "activcites-bis"])
        assert frame[frame["id"] != "activcites-bis"].reset_index(drop=True).equals(shipped)

    def test_in_a_file_without_order_it_comes_last(self, shipped: pd.DataFrame):
        rows = shipped.iloc[::-1].reset_index(drop=True)
        draft = Draft(rows, actors_schema())
        draft.apply(addition(id="activcites-bis"), TODAY)
        assert draft.frame()["id"].tolist() == [*rows["id"], "activcites-bis"]

    def test_its_cells_are_what_was_typed_and_empty_elsewhere(self, draft: Draft):
        cells = draft.apply(addition(themes="mobilite | culture |", nom=" E\u0301cole\nde vélo "), TODAY)
        row = draft.row("zeste-toy")
        assert row["themes"] == "mobilite|culture"
        assert row["nom"] == "\u00c9cole de vélo"
        assert {cell.column for cell in cells} == {column for column, value in row.items() if value}
        assert cells[0] == Cell("zeste-toy", "id", "", "zeste-toy")

    def test_an_identifier_already_taken_is_refused(self, draft: Draft):
        with pytest.raises(EditError) as refused:
            draft.apply(addition(id=ACTIVCITES), TODAY)
        assert "est déjà pris" in refused.value.faults["id"]

    def test_what_is_missing_is_said_column_by_column(self, draft: Draft):
        with pytest.raises(EditError) as refused:
            draft.apply(Addition({"nom": "Zeste"}), TODAY)
        assert set(refused.value.faults) == {
            "id",
            "organisation",
            "statut_ess",
            "roles",
            "precision",
            "statut",
            "source",
        }

    def test_two_additions_in_a_row_may_not_take_the_same_identifier(self, draft: Draft):
        draft.apply(addition(), TODAY)
        with pytest.raises(EditError):
            draft.apply(addition(nom="Autre"), TODAY)


class TestRetirement:
    def test_a_retired_actor_stays_in_the_directory_as_past_with_its_date(self, draft: Draft, shipped: pd.DataFrame):
        row = draft.row(ACTIVCITES)
        draft.apply(Retirement(ACTIVCITES, row, "2026-03"), TODAY)
        assert differences(shipped, draft.frame()) == {(ACTIVCITES, "statut"), (ACTIVCITES, "statut_date")}
        assert draft.row(ACTIVCITES)["statut"] == "passe"
        assert draft.row(ACTIVCITES)["statut_date"] == "2026-03"

    @pytest.mark.parametrize("when", ["", "hier", "2026-13", "2026-02-30", "0000", "2026-11-23", "2027", "٢٠٢٦"])
    def test_it_needs_a_date_that_is_past(self, draft: Draft, when: str):
        with pytest.raises(EditError) as refused:
            draft.apply(Retirement(ACTIVCITES, {}, when), TODAY)
        assert set(refused.value.faults) == {"statut_date"}

    @pytest.mark.parametrize("when", ["2026-11-22", "2026-11", "2026", "1998-02-28"])
    def test_today_and_before_are_past(self, when: str):
        assert date_fault(when, TODAY) is None

    def test_the_second_editor_of_a_row_gets_a_message(self, draft: Draft):
        seen = draft.row(ACTIVCITES)
        draft.apply(Correction(ACTIVCITES, seen, {"note": "x"}), TODAY)
        with pytest.raises(ConflictError):
            draft.apply(Retirement(ACTIVCITES, seen, "2026"), TODAY)


class TestInverse:
    """The inverse of what an edit changed, put on the rows, gives the rows of before to the byte."""

    @pytest.mark.parametrize(
        "edit",
        [
            Correction(ACTIVCITES, {}, {"nom": "Autre", "telephone": "03 00 00 00 00", "siret": ""}),
            addition(id="activcites-bis"),
            addition(),
            Retirement(ACTIVCITES, {}, "2026"),
        ],
    )
    def test_undone_an_edit_leaves_no_trace(self, draft: Draft, shipped: pd.DataFrame, edit):
        cells = draft.apply(edit, TODAY)
        assert not draft.frame().equals(shipped)
        draft.put(tuple(cell.inverse() for cell in cells))
        assert format_table(draft.frame()) == format_table(shipped)

    def test_an_added_row_that_was_filled_since_is_not_taken_away(self, draft: Draft):
        cells = draft.apply(addition(), TODAY)
        draft.apply(Correction("zeste-toy", {}, {"telephone": "03 00 00 00 00"}), TODAY)
        with pytest.raises(ConflictError, match="Téléphone"):
            draft.put(tuple(cell.inverse() for cell in cells))
        assert "zeste-toy" in draft


@pytest.mark.parametrize(
    ("name", "commune", "taken", "expected"),
    [
        ("L'Étape « d'Or »", "Soissons", [], "l-etape-d-or"),
        ("Le Relais", "Ham", ["le-relais"], "le-relais-ham"),
        ("Le Relais", "Ham", ["le-relais", "le-relais-ham"], "le-relais-ham-2"),
        ("Le Relais", "", ["le-relais"], "le-relais-2"),
        ("日本", "", [], "acteur"),
    ],
)
def test_a_new_identifier_is_valid_and_free(name: str, commune: str, taken: list[str], expected: str):
    found = new_identifier(name, commune, taken)
    assert found == expected
    assert faults({"id": found}, actors_schema()) == {}


def test_a_new_identifier_is_found_among_those_of_the_directory(shipped: pd.DataFrame):
    taken = set(shipped["id"])
    for name, commune in zip(shipped["nom"], shipped["commune"], strict=True):
        found = new_identifier(name, commune, taken)
        assert found not in taken
        assert faults({"id": found}, actors_schema()) == {}


def test_every_shipped_row_is_already_tidy(shipped: pd.DataFrame):
    schema = actors_schema()
    for row in shipped.to_dict("records"):
        assert tidy_row(row, schema) == row
        assert faults(row, schema) == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb", "a b"),
        ("a\tb\u2028c", "a b c"),
        ("\u202eabc", "abc"),
        ("a\x00b", "ab"),
        ("\ud83dx", "x"),
        ("\u00a0x ", "x"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_a_typed_text_loses_only_what_could_disguise_it(typed: str, kept: str):
    assert tidy(typed) == kept
