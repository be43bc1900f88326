"""The report: each line in one state, what is read otherwise, the rows for the directory, and the workbook."""

import datetime
import io
import json
import unicodedata
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from esscarto.actors import locate
from esscarto.documents import french_csv, geojson, gpkg, xlsx
from esscarto.documents.selection import Selection
from esscarto.errors import DataError
from esscarto.importing.file_check import check_content, check_file
from esscarto.importing.mapping import propose
from esscarto.importing.reference import Reference
from esscarto.importing.report import Counts, check_table
from esscarto.importing.rows import DOCUMENT_COLUMNS, Provenance
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS, SITE
from esscarto.storage.reading_files import read_content

SCHEMA = read_schema(SCHEMAS / "acteurs.schema.json")
# Cut in two, so that no file of the project holds the address of a person, be it invented.
NOMINATIVE = "p.exemple" + "@exemple.fr"

LINES = (
    "Nom;Adresse;CP;Ville;Courriel;Famille;Horaires",
    "Zorglub;1 rue A;02200;Soissons;contact@exemple.fr;Association;9h",
    "Bulgroz;;2200;Soissons;;;10h",
    f"Grozbul;;02200;Soissons;{NOMINATIVE};;11h",
    "ZORGLUB;2 rue B;02200;Soissons;;;12h",
    "Trop;long;02200;Soissons;;;13h;de trop",
    ";3 rue C;02200;Soissons;;;14h",
    "Lieu-dit;;;;;;15h",
)


def test_each_line_is_in_one_state_and_they_add_up(check):
    report = check(*LINES)
    assert report.states == {
        2: "bonne",
        3: "a_corriger",
        4: "refusee",
        5: "doublon",
        6: "refusee",
        7: "refusee",
        8: "bonne",
    }
    assert report.counts == Counts(read=7, good=2, to_correct=1, refused=3, duplicates=1, left_out=0)
    assert report.counts.sentence() == (
        "7\u00a0lignes lues\u00a0: 2\u00a0bonnes, 1\u00a0à corriger, 3\u00a0refusées, 1\u00a0doublon à décider."
    )
    assert not report.is_clean
    assert sorted(report.rows.index) == [2, 8]


def test_the_whole_report_is_said_in_french(check):
    assert list(check(*LINES).sentences()) == [
        "essai.csv : CSV, point-virgule, UTF-8.",
        "Gardé à part, tel quel : « Horaires ».",
        "Famille : libellé reconnu (1 fois ; ligne 2, « Association »).",
        "Code Insee : code Insee trouvé par le nom de la commune et le code postal (5 fois ; ligne 2, « 02722 »).",
        f"[refusée] ligne 4, colonne « Courriel », valeur « {NOMINATIVE} » : une adresse nominative ne peut pas être "
        "publiée. Attendu : l’adresse de la structure (contact@, accueil@…). Laisser cette case vide ?",
        "[refusée] ligne 6 : cette ligne a 8 cellules pour 7 titres. Attendu : autant de cellules que de titres. "
        "Mettez entre guillemets le texte qui contient le séparateur, ou donnez un titre à chaque colonne.",
        "[refusée] ligne 7, colonne « Nom », case vide : cette ligne n’a pas de nom. Attendu : le nom de la structure. "
        "Écrivez-le, ou retirez la ligne.",
        "[à corriger] ligne 3, colonne « CP », valeur « 2200 » : le zéro du début s’est perdu. "
        "Attendu : un code postal de cinq chiffres. Vouliez-vous dire « 02200 » ?",
        "[à regarder] ligne 8, colonne « Ville », case vide : cette ligne n’a pas de lieu. Attendu : une commune et "
        "son code postal, ou son code Insee. La structure sera dans la liste, sans point sur la carte.",
        "[doublon ?] ligne 5 et ligne 2 : même nom, même commune (« ZORGLUB » et « Zorglub »).",
        "7\u00a0lignes lues\u00a0: 2\u00a0bonnes, 1\u00a0à corriger, 3\u00a0refusées, 1\u00a0doublon à décider.",
    ]


def test_the_same_fault_of_the_same_value_is_told_once(check, reference):
    report = check("nom;famille;cp;ville", *(f"Zzz {n};Amicale;02200;Soissons" for n in range(6)), "Y;;02200;Soissons")
    assert report.mapping.columns.keys() == {"nom", "code_postal", "commune"}
    mapping = report.mapping.changed("famille", "famille")
    (group,) = check_table(report.table, reference, mapping).groups
    assert group.lines == (2, 3, 4, 5, 6, 7)
    assert group.sentence().endswith("Choisissez dans la liste. De même pour 5\u00a0autres lignes : 3, 4, 5, 6…")


def test_a_problem_as_a_row_says_where_what_and_what_to_do(check):
    assert check(*LINES).as_rows()[0] == {
        "ligne": 3,
        "gravité": "à corriger",
        "colonne": "CP",
        "valeur": "2200",
        "problème": "le zéro du début s’est perdu",
        "attendu": "un code postal de cinq chiffres",
        "que faire": "Mettez la colonne au format Texte dans le tableur, puis réécrivez le code avec son zéro.",
        "suggestion": "Vouliez-vous dire « 02200 » ?",
    }


def test_corrections_and_decisions_bring_every_line_in(check):
    report = check(*LINES)
    edits = report.suggestions()
    assert edits == {(3, "code_postal"): "02200"}
    assert report.suggestions(only_sure=False) == {(3, "code_postal"): "02200", (4, "courriel"): ""}
    mended = check(
        *LINES, edits={**edits, (4, "courriel"): "accueil@exemple.fr", (7, "nom"): "Sans nom"}, decisions={5: "ecarter"}
    )
    assert mended.states == {2: "bonne", 3: "bonne", 4: "bonne", 5: "ecartee", 6: "refusee", 7: "bonne", 8: "bonne"}
    assert mended.rows.at[4, "courriel"] == "accueil@exemple.fr"
    assert check(*LINES, confirmed=[NOMINATIVE]).rows.at[4, "courriel"] == NOMINATIVE


def test_a_row_says_what_the_file_says_and_no_more(check):
    rows = check(*LINES, provenance=Provenance("123", "Liste", "PETR", "2026-11-02")).rows
    assert {column: cell for column, cell in rows.loc[2].items() if cell} == {
        "id": "zorglub",
        "organisation": "zorglub",
        "nom": "Zorglub",
        "statut_ess": "statut",
        "famille": "association",
        "roles": "operateur",
        "precision": "commune",
        "adresse": "1 rue A",
        "code_postal": "02200",
        "commune": "Soissons",
        "code_insee": "02722",
        "courriel": "contact@exemple.fr",
        "statut": "a_verifier",
        "source": "123:2",
        "source_date": "2026-11",
    }
    assert rows.at[8, "statut_ess"] == "non_imprime"
    assert rows.at[8, "precision"] == "aucune"


def test_the_rows_are_what_the_directory_takes(check, reference):
    rows = check(*LINES).rows
    assert list(rows.columns) == SCHEMA.columns
    assert list(SCHEMA.problems(rows.reset_index(drop=True))) == []
    together = pd.concat([reference.known, rows], ignore_index=True)
    assert list(SCHEMA.problems(together)) == []
    actors = locate(together, reference.gazetteer.territories)
    assert actors.frame.loc["zorglub", "siren_epci"] == "240200477"


def test_what_the_directory_does_not_have_is_kept_beside_under_the_same_identifier(check):
    report = check(*LINES)
    assert report.beside.to_dict("records") == [
        {"id": "zorglub", "Horaires": "9h"},
        {"id": "lieu-dit", "Horaires": "15h"},
    ]


def test_what_reaches_a_person_is_not_kept_beside_either(check):
    report = check("nom;cp;ville;infos", f"Zzz;02200;Soissons;{NOMINATIVE}", "Yyy;02200;Soissons;ouvert")
    assert report.beside["infos"].tolist() == ["", "ouvert"]
    assert [change.sentence() for change in report.changes if change.target == "infos"] == [
        "infos : laissé de côté : une adresse nominative ou un mobile (1 fois ; ligne 2)."
    ]


def test_a_new_file_is_cited_under_a_number_that_no_document_has(reference):
    assert reference.next_document() not in reference.documents
    for taken, free in (({"000", "900"}, "100"), ({"100", "101", "103"}, "102")):
        assert Reference(reference.gazetteer, reference.known, frozenset(taken)).next_document() == free
    full = frozenset(map(str, range(1000)))
    with pytest.raises(DataError, match="tous les numéros de document sont pris"):
        Reference(reference.gazetteer, reference.known, full).next_document()
    row = Provenance("123", "Liste", date="2026").row()
    assert tuple(row) == DOCUMENT_COLUMNS
    assert row["producteur"] == "producteur non imprimé"


def test_places_of_one_siren_are_one_organisation(check):
    report = check(
        "nom;siret;cp;ville", "Zorglub;35600000049837;02200;Soissons", "Bulgroz;35600000000048;80200;Péronne"
    )
    assert report.rows["organisation"].tolist() == ["zorglub", "zorglub"]


def test_identifiers_are_never_taken_twice(check, reference):
    known = reference.known.iloc[0]
    report = check(
        "nom;cp;ville",
        f"{known['nom']};80200;Péronne",
        "Zzz;02200;Soissons",
        "Zzz;80200;Péronne",
        decisions={2: "garder"},
    )
    assert report.rows["id"].is_unique
    assert not set(report.rows["id"]) & set(reference.known["id"])
    assert report.rows["id"].tolist()[1:] == ["zzz", "zzz-peronne"]


# ---- hostile texts, and the workbook


@pytest.mark.parametrize("unit", ["csv", "geojson"])
def test_a_hostile_text_is_told_and_kept_to_the_letter(hostile_texts, reference, unit: str):
    texts = [text for text in hostile_texts if text == text.strip() and len(text) < 250 and "\n" not in text]
    if unit == "csv":
        content = french_csv.write(pd.DataFrame({"nom": texts, "ville": ["Soissons"] * len(texts)}, dtype=str), SCHEMA)
    else:
        features = [{"properties": {"nom": text, "ville": "Soissons"}, "geometry": None} for text in texts]
        content = json.dumps({"features": features}).encode()
    table = read_content(content, f"a.{unit}")
    assert table.column("nom") == texts
    report = check_table(
        table,
        reference,
        edits={(line, "code_insee"): "02722" for line in table.lines},
        decisions=dict.fromkeys(table.lines, "garder"),
    )
    assert report.rows["nom"].tolist() == [unicodedata.normalize("NFC", text) for text in texts]


def test_the_workbook_of_the_report_holds_no_formula(check):
    hostile = ['=HYPERLINK("https://exemple.invalid")', "+33", "-5", "@SUM(1)", "<r><t>x</t></r>", "_x000D_", "\ufffe"]
    quoted = ['"' + text.replace('"', '""') + '"' for text in hostile]
    content = check("nom;cp;ville;note", *(f"{text};2200;Soissons;{text}" for text in quoted)).to_xlsx()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Synthèse", "Problèmes", "Doublons", "Lignes en attente", "Colonnes"]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)


def test_the_lines_that_wait_are_corrected_in_the_workbook_and_brought_back(check, reference):
    report = check(*LINES)
    book = openpyxl.load_workbook(io.BytesIO(report.to_xlsx()))
    sheet = book["Lignes en attente"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=1, max_row=2)] == [
        [
            "Nom",
            "Adresse",
            "CP",
            "Ville",
            "Courriel",
            "Famille",
            "Horaires",
            "esscarto ligne",
            "esscarto état",
            "esscarto pourquoi",
        ],
        [
            "Bulgroz",
            None,
            "2200",
            "Soissons",
            None,
            None,
            "10h",
            3,
            "à corriger",
            "CP : le zéro du début s’est perdu (à corriger)",
        ],
    ]
    sheet["C2"] = "02200"
    saved = io.BytesIO()
    book.save(saved)
    again = check_table(read_content(saved.getvalue(), "corrigé.xlsx"), reference)
    assert again.mapping.columns.keys() == report.mapping.columns.keys()
    assert again.rows["nom"].tolist()[0] == "Bulgroz"
    assert "esscarto ligne" not in again.beside.columns


def test_pairs_and_columns_are_in_the_workbook(check):
    book = openpyxl.load_workbook(io.BytesIO(check(*LINES).to_xlsx()))
    twice = [[cell.value for cell in row] for row in book["Doublons"].iter_rows(min_row=2)]
    assert twice[0] == [5, "ligne 2", "même nom, même commune", 100, "nom", "ZORGLUB", "Zorglub", "doublon à décider"]
    columns = [[cell.value for cell in row] for row in book["Colonnes"].iter_rows(min_row=2, max_row=3)]
    assert columns[0] == ["Nom", "Nom", "nom connu", "Zorglub, Bulgroz, Grozbul"]
    summary = {row[0].value: row[1].value for row in book["Synthèse"].iter_rows(min_row=2, max_row=9)}
    assert (summary["lignes lues"], summary["bonnes"], summary["refusées"]) == (7, 2, 3)


def test_lines_left_out_are_apart_from_those_that_wait(check):
    report = check(*LINES, decisions={5: "ecarter"})
    book = openpyxl.load_workbook(io.BytesIO(report.to_xlsx()))
    lines = {name: [row[7].value for row in book[name].iter_rows(min_row=2)] for name in book.sheetnames[3:5]}
    counts = report.counts
    assert lines["Lignes écartées"] == [5]
    assert len(lines["Lignes en attente"]) == counts.to_correct + counts.refused + counts.duplicates - len(
        report.table.faults
    )
    assert next(row[7].value for row in book["Doublons"].iter_rows(min_row=2)) == "Même acteur : ne rien changer"
    assert [cell.value for cell in book["Synthèse"][1]] == ["information", "valeur"]


def test_what_is_read_otherwise_is_said_in_words_and_never_in_codes(check):
    said = " ".join(change.sentence() for change in check(LINES[0], "Essai;;02200;Soissons;;asso;").changes)
    assert "Code Insee" in said
    assert "« asso » devient « Association »" in said
    assert "code_insee" not in said


def test_an_address_over_two_lines_loses_the_postal_code_that_has_its_column_even_without_its_zero(check):
    report = check("nom;adresse;cp;code_insee;ville", 'Essai;"2 RUE A\n02000 LAON";2000;02408;Laon')
    (change,) = [change for change in report.changes if change.target == "adresse" and "retirés" in change.how]
    assert change.after == "2 RUE A"


# ---- from the file to the report


@pytest.mark.parametrize("writer", [xlsx, french_csv, geojson, gpkg])
def test_our_own_exports_come_back_with_each_actor_recognised(everything_selected, reference, writer):
    name = {"xlsx": "a.xlsx", "french_csv": "a.csv", "geojson": "a.geojson", "gpkg": "a.gpkg"}[
        writer.__name__.rpartition(".")[2]
    ]
    table = read_content(writer.export(everything_selected), name)
    report = check_table(table, reference, decisions=dict.fromkeys(table.lines, "ecarter"))
    assert report.counts == Counts(
        read=len(reference.known), good=0, to_correct=0, refused=0, duplicates=0, left_out=len(reference.known)
    )
    assert [pair.actor for pair in report.duplicates] == reference.known["id"].tolist()


@pytest.fixture(scope="module")
def everything_selected(site) -> Selection:
    return Selection(site, np.ones(len(site.actors), dtype=bool), "tous les acteurs", datetime.date(2026, 11, 22))


def test_a_file_of_the_disk_is_checked_and_said(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(LINES), encoding="utf-8")
    out, workbook = io.StringIO(), tmp_path / "rapport.xlsx"
    report = check_file(path, SITE / "data", out, workbook)
    assert out.getvalue().splitlines()[0] == "liste.csv : CSV, point-virgule, UTF-8."
    assert out.getvalue().splitlines()[-1] == report.counts.sentence()
    assert openpyxl.load_workbook(workbook).sheetnames[0] == "Synthèse"
    assert check_content(path.read_bytes(), "liste.csv", SITE / "data").counts == report.counts


def test_a_file_that_is_refused_leaves_the_directory_unread_and_unwritten(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_bytes(b"nom;ville\nA\0;B\n")
    with pytest.raises(DataError, match="caractère nul"):
        check_file(path, tmp_path / "no such data")
    assert list(tmp_path.iterdir()) == [path]


def test_what_does_not_fit_the_schema_is_held_back_by_the_schema_itself(check, reference):
    table = check(*LINES).table
    mapping = propose(table).with_default("roles", "chef")
    report = check_table(table, reference, mapping)
    assert report.counts.good == 0
    assert "« chef » n’est pas dans la liste" in {finding.fault.problem for finding in report.findings}
