"""Whole files: several hundred lines of every usual slip, and the shapes of two real public files."""

from collections import Counter

import pytest
from made_files import Made, make_file

from esscarto.importing.report import check_table
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS
from esscarto.storage.reading_files import read_content


@pytest.fixture(scope="module")
def made(reference) -> Made:
    return make_file(reference.gazetteer, reference.known)


@pytest.fixture(scope="module")
def table(made: Made):
    return read_content(made.content(), "annuaire.csv")


@pytest.fixture(scope="module")
def report(table, reference):
    return check_table(table, reference)


def test_a_file_of_several_hundred_lines_in_two_encodings_loses_none(made: Made, table):
    assert len(table) == len(made.lines) > 450
    assert table.rows == tuple([cell.strip() for cell in line] for line in made.lines)
    assert table.form == "CSV, point-virgule, Windows-1252 et UTF-8"


def test_each_line_of_it_is_in_the_state_that_its_slip_deserves(made: Made, report):
    wrong = {
        line: (state, report.states[line]) for line, state in made.expected.items() if report.states[line] != state
    }
    assert wrong == {}
    assert Counter(report.states.values()) == Counter(made.expected.values())


def test_what_something_confirms_mends_it_at_once_and_the_rest_waits(made: Made, table, report, reference):
    mended = check_table(table, reference, edits=report.suggestions())
    assert mended.counts.good == report.counts.good + 60 + 20 + 20 + 10
    waiting = {finding.fault.problem for finding in mended.findings if finding.fault.level == "a_corriger"}
    assert waiting == {"le tableur a arrondi ce numéro : ses derniers chiffres sont perdus"}
    confirmed = [line for line, state in made.expected.items() if state == "a_corriger" and line in mended.rows.index]
    for line in confirmed[:60]:
        assert mended.rows.at[line, "code_insee"] == f"0{made.lines[line - 2][4]}"


def test_every_row_of_it_is_one_that_the_directory_takes(report):
    schema = read_schema(SCHEMAS / "acteurs.schema.json")
    assert list(schema.problems(report.rows.reset_index(drop=True))) == []
    assert report.rows["latitude"].astype(float).between(48, 51).all()


def test_a_row_of_it_is_at_its_address_unless_others_share_its_point(made: Made, report):
    bearers = Counter(point for point, _ in {((line[5], line[6]), line[1]) for line in made.lines})
    for line, precision in report.rows["precision"].items():
        shared = bearers[tuple(made.lines[line - 2][5:7])]
        assert precision == ("adresse" if shared < 3 else "commune"), made.lines[line - 2]


def test_its_own_columns_are_kept_beside(made: Made, report):
    kept = report.beside["Référence interne"]
    assert kept.to_dict() == {line: f"R{line}" for line, state in made.expected.items() if state == "bonne"}


# ---- the shapes of two real public files, with invented structures


def test_a_list_of_hosts_with_lost_zeros_and_addresses_over_two_lines(reference):
    content = (
        "raison_sociale,type,siret,adresse,code_postal,insee_com,commune_insee,insee_dep,longitude,latitude,zrr,qpv\n"
        'ZORGLUB DE L AISNE,publique,35600000000048,"2 RUE A\n02000 LAON",2000,02408,Laon,02,3.621,49.5643,non,oui\n'
        'BULGROZ,privée,,"RUE B\nBATIMENT C\n80200 PERONNE",80200,80620,Péronne,80,2.9335,49.9299,oui,\n'
        'BULGROZ,privée,,"RUE B\nBATIMENT C\n80200 PERONNE",80200,80620,Péronne,80,2.9335,49.9299,oui,\n'
    ).encode()
    report = check_table(read_content(content, "structures.csv"), reference)
    assert report.mapping.beside == ("type", "zrr", "qpv")
    assert report.states == {2: "a_corriger", 3: "bonne", 4: "doublon"}
    assert report.suggestions() == {(2, "code_postal"): "02000"}
    mended = check_table(report.table, reference, edits=report.suggestions())
    assert mended.rows["adresse"].tolist() == ["2 RUE A", "RUE B, BATIMENT C"]
    assert mended.rows["precision"].tolist() == ["adresse", "rue"]
    assert mended.beside["type"].tolist() == ["publique", "privée"]


def test_a_list_of_services_with_comments_of_several_lines_and_many_columns(reference):
    content = (
        "id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,longitude,"
        "h_lundi,h_mardi,prise_rdv,commentaire,type_fs,format_fs\n"
        "3,02,Bus Zorglub,6 Rue A,,02361,02120,Guise,49.90147,3.626688,09:30 - 16:30,,Non,,Principal,Bus\n"
        '4,02,Bulgroz Zorglub,1 Rue B,,02558,02170,Le Nouvion-en-Thiérache,50.01689,3.787362,,,Oui,"Sur rendez-vous,\n'
        'le lundi, le mardi, au 03 23 00 00 00",Antenne,Fixe\n'
        "5,62,Grozbul,1 Rue C,,62447,62140,Hesdin,50.3747,2.0364,,,Oui,,Principal,Fixe\n"
    ).encode()
    report = check_table(read_content(content, "services.csv"), reference)
    assert report.mapping.columns["nom"] == "lib_fs"
    assert report.mapping.columns["commune"] == "lib_com"
    assert set(report.states.values()) == {"bonne"}
    assert report.rows["commune"].tolist() == ["Guise", "Le Nouvion-en-Thiérache", "Hesdin-la-Forêt"]
    assert report.beside["commentaire"].tolist()[1] == "Sur rendez-vous,\nle lundi, le mardi, au 03 23 00 00 00"
