"""Any file into one table of texts: what is read, what is set apart, what is refused, and with which words."""

import csv
import datetime
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable

import geopandas as gpd
import openpyxl
import pytest
import xlsxwriter
from shapely.geometry import LineString, Point

from esscarto.errors import DataError
from esscarto.storage import file_limits, reading_files
from esscarto.storage.reading_files import read_content, read_path
from esscarto.storage.table_shape import TextTable

ACCENTS = "Épicerie « Cœur d’Aisne » à 3 €, Noël"


def csv_table(text: str, encoding: str = "utf-8") -> TextTable:
    return read_content(text.encode(encoding), "essai.csv")


def workbook(*lines: list, sheets: tuple[str, ...] = ()) -> bytes:
    """Make a workbook of one sheet of cells, then of empty ones."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Feuil1")
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write(row, column, cell)
        for name in sheets:
            book.add_worksheet(name)
    return content.getvalue()


def with_part(content: bytes, ending: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one part of a workbook."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name.endswith(ending) else old.read(name))
    return changed.getvalue()


def with_rows(xml: bytes) -> bytes:
    plain = workbook(["nom", "ville"], ["A", "Soissons"])
    return with_part(plain, "sheet1.xml", lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>"))


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(DataError) as raised:
        read_content(content, name)
    return raised.value.message


# ---- text files: separators and encodings


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("cp1252", b"", "Windows-1252"),
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-16-le", b"", "UTF-16"),
        ("utf-16-be", b"", "UTF-16"),
    ],
)
def test_every_separator_is_read_in_every_encoding(separator: str, encoding: str, mark: bytes, said: str):
    text = separator.join(["Nom", "Ville"]) + "\r\n" + separator.join([f'"{ACCENTS}"', "Soissons"]) + "\r\n"
    table = read_content(mark + text.encode(encoding), "essai.csv")
    assert table.columns == ("Nom", "Ville")
    assert table.rows == ([ACCENTS, "Soissons"],)
    assert table.form.endswith(said)


def test_lines_of_two_encodings_are_each_read_in_their_own():
    content = b"nom;ville\n" + "Épicerie;Péronne\n".encode() + "Cœur;Noël\n".encode("cp1252")
    table = read_content(content, "essai.csv")
    assert table.rows == (["Épicerie", "Péronne"], ["Cœur", "Noël"])
    assert table.notes == (
        "Deux encodages se mêlent : 1 ligne en UTF-8, les autres en Windows-1252. Chaque ligne est lue dans le sien.",
    )


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_accents_of_another_page_are_refused_and_not_guessed(encoding: str):
    content = "nom;ville\nsociété de l'élan;Péronne\n".encode(encoding)
    assert refusal(content, "essai.csv").startswith("ces accents ne sont ni en UTF-8 ni en Windows-1252")


def test_the_separator_that_excel_declares_is_followed():
    table = csv_table("sep=,\nnom,ville\nA,Soissons\n")
    assert (table.columns, table.lines) == (("nom", "ville"), (3,))


def test_a_title_that_holds_commas_does_not_win_over_the_semicolons():
    table = csv_table('"Nom, sigle, enseigne";Ville\nA;Soissons\n')
    assert table.columns == ("Nom, sigle, enseigne", "Ville")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_a_spreadsheet_shows_them(ending: str):
    table = csv_table(ending.join(["nom;ville", "", '"A', 'suite";X', "B;Y", ""]))
    assert table.rows[1] == ["B", "Y"]
    assert table.lines == (3, 4)


def test_the_apostrophe_of_our_exports_is_taken_away():
    assert csv_table("nom;tel\n'=1+1;'+33 3 23\n").rows == (["=1+1", "+33 3 23"],)


# ---- shape: nothing is shifted


def test_a_first_line_longer_than_the_header_is_set_apart_and_the_others_are_read():
    table = csv_table("nom;ville\nA;Soissons;02200\nB;Péronne\n")
    assert table.rows == (["B", "Péronne"],)
    (fault,) = table.faults
    assert (fault.line, fault.cells, fault.message) == (
        2,
        ("A", "Soissons", "02200"),
        "cette ligne a 3 cellules pour 2 titres",
    )
    assert len(table) == 2


def test_empty_cells_beyond_the_header_are_nothing():
    table = csv_table("nom;ville;;\nA;Soissons;;;;\n")
    assert (table.columns, table.rows, table.faults) == (("nom", "ville"), (["A", "Soissons"],), ())


def test_a_column_without_a_title_keeps_its_values():
    assert csv_table("nom;;ville\nA;x;Soissons\n").columns == ("nom", "colonne 2", "ville")


def test_a_line_cut_by_a_bare_line_break_is_set_apart_with_its_piece():
    table = csv_table("nom;adresse;ville;cp\nA;1 rue;Soissons;02200\nB;2 rue\nbis;Soissons;02200\nC;3;Laon;02000\n")
    assert [row[0] for row in table.rows] == ["A", "C"]
    assert [(fault.line, fault.message) for fault in table.faults] == [
        (3, "cette ligne a 2 cellules pour 4 titres : un retour à la ligne l’a sans doute coupée"),
        (4, "cette ligne a 3 cellules pour 4 titres : un retour à la ligne l’a sans doute coupée"),
    ]


def test_the_end_of_a_text_alone_on_its_line_is_no_structure():
    table = csv_table("nom;ville;description\nA;Soissons;Une longue\ndescription\nB;Laon;x\n")
    assert [row[0] for row in table.rows] == ["A", "B"]
    assert [fault.message for fault in table.faults] == ["cette ligne n’a qu’une cellule pour 3 titres"]


def test_short_lines_whose_end_is_empty_are_completed_and_told():
    table = csv_table("nom;ville;cp;note\nA;Soissons;02200;x\nB;Laon;02000\nC;Péronne;80200\n")
    assert table.rows[1:] == (["B", "Laon", "02000", ""], ["C", "Péronne", "80200", ""])
    assert table.notes == (
        "2\u00a0lignes plus courtes que le titre\u00a0: les cellules qui manquent à la fin sont lues comme vides.",
    )


def test_a_quote_that_swallows_a_line_is_seen():
    table = csv_table('nom;adresse;ville\nA;"rue;Soissons\nB;place";Laon\nC;quai;Ham\n')
    assert [row[0] for row in table.rows] == ["C"]
    assert table.faults[0].message == "un guillemet semble de trop : cette ligne en contient plusieurs"


LONG = (
    "Un mot, puis deux, trois, quatre, cinq, six, sept, huit, neuf.",
    "a ; b ; c ; d ; e ; f ; g\nla suite",
    "\nRevenir ; écrire ; appeler ; lire",
    'Dit : "oui, si, mais"; puis\trien',
    "\n".join(f"ligne {line}, puis ; et {line}" for line in range(20)),
)


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("words", LONG)
@pytest.mark.parametrize("rank", range(5))
def test_a_long_text_decides_neither_of_the_separator_nor_of_what_a_line_is(words: str, rank: int, mark: str):
    rows = [["nom", "ville", "cp", "note", "suites"], *([f"A{line}", "Laon", "02000", "x", "y"] for line in range(3))]
    rows[1][rank] = words
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=mark).writerows(rows)
    table = csv_table(written.getvalue())
    assert (table.columns, table.faults) == (tuple(rows[0]), ())
    assert table.rows == tuple([cell.strip() for cell in row] for row in rows[1:])


def test_a_title_with_a_comma_above_the_table_is_no_header():
    table = csv_table(
        "Annuaire, édition 2024, provisoire, à relire\nnom;ville;cp\nA;Soissons;02200\nB;Laon, haut;02000\n"
    )
    assert table.columns == ("nom", "ville", "cp")


def test_titles_above_the_table_are_left_aside_and_told():
    table = csv_table("Annuaire 2024;;\n;;\nnom;ville;cp\nA;Soissons;02200\n")
    assert (table.columns, table.lines) == (("nom", "ville", "cp"), (4,))
    assert table.notes == ("Au-dessus du tableau, laissé de côté : « Annuaire 2024 ».",)


def test_a_title_borne_twice_names_two_columns():
    table = csv_table("nom;ville;nom\nA;Soissons;B\n")
    assert (table.columns, table.rows) == (("nom", "ville", "nom (2)"), (["A", "Soissons", "B"],))
    assert table.notes == ("Titre présent plusieurs fois : « nom ». Toutes ces colonnes sont gardées.",)


# ---- workbooks


def test_a_workbook_gives_texts_numbers_and_dates_as_they_are_shown():
    content = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["nom", "siret", "cp", "lat", "le", "à", "oui"])
    book.active.append([ACCENTS, 49483773500013, 2200, 49.3816, datetime.date(2025, 7, 14), None, True])
    book.save(content)
    table = read_content(content.getvalue(), "essai.xlsx")
    assert table.rows == ([ACCENTS, "49483773500013", "2200", "49.3816", "2025-07-14", "", "oui"],)


def test_lines_of_a_workbook_keep_their_number_and_cells_their_column():
    rows = b'<row r="9"><c r="B9" t="str"><v>Laon</v></c><c r="C9" t="str"><v>x</v></c></row>'
    table = read_content(with_rows(rows), "essai.xlsx")
    assert table.columns == ("nom", "ville", "colonne 3")
    assert dict(zip(table.lines, table.rows, strict=True)) == {2: ["A", "Soissons", ""], 9: ["", "Laon", "x"]}


def test_a_workbook_that_lies_about_its_size_loses_no_line():
    lying = with_part(PLAIN, "sheet1.xml", lambda sheet: sheet.replace(b'ref="A1:B2"', b'ref="A1:A1"'))
    assert lying != PLAIN
    assert read_content(lying, "a.xlsx").rows == (["A", "B"],)


def test_rich_phonetic_and_escaped_texts_are_read_to_the_letter():
    shared = (
        b'<si><r><t>Ca</t></r><r><rPr><b/></rPr><t xml:space="preserve">f\xc3\xa9 </t></r>'
        b"<rPh><t>kafe</t></rPh></si><si><t>a_x000A_b</t></si>"
    )
    plain = with_rows(b'<row r="3"><c r="A3" t="s"><v>4</v></c><c r="B3" t="s"><v>5</v></c></row>')
    content = with_part(plain, "sharedStrings.xml", lambda part: part.replace(b"</sst>", shared + b"</sst>"))
    assert read_content(content, "essai.xlsx").rows[1] == ["Café", "a\nb"]


def test_the_sheet_that_is_read_and_those_that_are_not_are_told():
    table = read_content(workbook(["nom", "ville"], ["A", "B"], sheets=("Aide", "2023")), "essai.xlsx")
    assert table.form == "classeur Excel, feuille « Feuil1 »"
    assert table.notes == ("Feuille lue : « Feuil1 ». Laissées de côté : « Aide », « 2023 ».",)


def test_a_hidden_sheet_is_not_the_one_that_is_read():
    content = with_part(
        workbook(["caché", "x"], ["A", "B"], sheets=("Vue",)),
        "xl/workbook.xml",
        lambda part: part.replace(b'name="Feuil1"', b'name="Feuil1" state="hidden"'),
    )
    assert refusal(content, "essai.xlsx") == "ce tableau est vide"


def test_formulas_give_their_last_result_and_those_without_one_are_told():
    done = with_rows(b'<row r="3"><c r="A3" t="str"><f>A2</f><v>A</v></c><c r="B3"><v>1</v></c></row>')
    assert read_content(done, "a.xlsx").notes == ("1\u00a0formule : leur dernier résultat est lu.",)
    undone = with_rows(b'<row r="3"><c r="A3" t="str"><f>A2</f></c><c r="B3"><v>1</v></c></row>')
    assert read_content(undone, "a.xlsx").notes == (
        "1\u00a0formule sans résultat : ouvrez le classeur dans un tableur et enregistrez-le, "
        "ou ces cellules restent vides.",
    )


# ---- layers


def test_a_geojson_collection_gives_its_properties_and_its_points():
    features = [
        {"type": "Feature", "properties": {"nom": ACCENTS, "tags": ["a", "b"], "ouvert": True, "n": 3.0},
         "geometry": {"type": "Point", "coordinates": [3.3243, 49.3816]}},
        {"type": "Feature", "properties": {"nom": "B", "autre": {"x": 1}}, "geometry": None},
        {"type": "Feature", "properties": None, "geometry": {"type": "LineString", "coordinates": [[3, 49], [4, 50]]}},
    ]  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    table = read_content(content, "carte.geojson")
    assert table.unit == "entité"
    assert table.columns == ("nom", "tags", "ouvert", "n", "autre", "geometrie_longitude", "geometrie_latitude")
    assert dict(zip(table.lines, table.rows, strict=True)) == {
        1: [ACCENTS, "a|b", "oui", "3", "", "3.3243", "49.3816"],
        2: ["B", "", "", "", '{"x": 1}', "", ""],
    }
    assert table.notes == ("1 géométrie sans être un point : elles ne donnent aucune coordonnée.",)


def test_a_property_given_twice_is_refused_since_one_value_would_be_lost():
    content = b'{"features":[{"properties":{"nom":"A","nom":"B"},"geometry":null}]}'
    assert refusal(content, "a.geojson") == "la propriété « nom » est donnée deux fois"


@pytest.mark.parametrize("mode", ["", "wal"])
def test_a_geopackage_gives_its_columns_and_its_points(tmp_path, mode: str):
    frame = gpd.GeoDataFrame(
        {"nom": [ACCENTS, "B"], "code": ["02722", None]}, geometry=[Point(3.3243, 49.3816), None], crs=4326
    )
    path = tmp_path / "a.gpkg"
    frame.to_file(path, layer="acteurs", driver="GPKG")
    content = path.read_bytes()
    if mode:
        content = content[:18] + b"\x02\x02" + content[20:]
    table = read_content(content, "a.gpkg")
    assert table.columns == ("fid", "nom", "code", "geometrie_longitude", "geometrie_latitude")
    assert table.rows == (["1", ACCENTS, "02722", "3.3243", "49.3816"], ["2", "B", "", "", ""])


def test_another_shape_of_a_geopackage_gives_no_point(tmp_path):
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"nom": ["A"]}, geometry=[LineString([(3, 49), (4, 50)])], crs=4326)
    frame.to_file(path, layer="acteurs", driver="GPKG")
    table = read_path(path)
    assert table.columns == ("fid", "nom")
    assert table.notes == ("1 géométrie sans être un point : elles ne donnent aucune coordonnée.",)


# ---- refusals


def sqlite_file(*statements: str) -> bytes:
    with sqlite3.connect(":memory:") as database:
        for statement in statements:
            database.execute(statement)
        return database.serialize()


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 2**20)
    return content.getvalue()


def odd_archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


PLAIN = workbook(["nom", "ville"], ["A", "B"])
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'

REFUSED = [
    ("vide.csv", b"", "ce fichier est vide"),
    ("blanc.csv", b" \n;;\n", "ce tableau est vide"),
    ("titre.csv", b"nom;ville\n", "ce tableau n’a aucune ligne sous son titre"),
    ("gros.csv", b"a;b\n" + b"1;2\n" * 3_000_000, "ce fichier pèse 11,4 Mo, plus que 10 Mo"),
    ("lignes.csv", b"a;b\n" + b"1;2\n" * 60_000, "ce tableau a plus de 50\u202f000 lignes"),
    ("blancs.csv", b"a;b\n" + b"\n" * 1_100_000, "ce tableau a plus de 1\u202f048\u202f576 lignes"),
    ("colonnes.csv", b",".join(b"c%d" % n for n in range(300)) + b"\n1\n", "ce tableau a plus de 200 colonnes"),
    ("cellules.csv", b"a;b\n" + b";" * 4_000_000, "ce tableau a plus de 1\u202f000\u202f000 cellules"),
    ("cellule.csv", b"a;b\n" + b"x" * 40_000 + b";1\n", "une cellule contient 40\u202f000 caractères"),
    ("nul.csv", b"a;b\nc\0;d\n", "ce fichier contient un caractère nul : ce n’est pas un texte"),
    ("binaire.csv", bytes(range(1, 256)) * 50, "ce fichier n’est pas un texte"),
    ("ouvert.csv", b'a;b\nc;d\n"e;f\ng;h\n', "un guillemet ouvert n’est jamais refermé"),
    ("guillemet.csv", b'a;b\n"c"d;e\n', "un guillemet est mal placé"),
    ("utf16.csv", b"\xff\xfe" + "a;b\n".encode("utf-16-le") + b"\x00\xd8", "ce fichier UTF-16 est abîmé"),
    ("classeur.csv", PLAIN, "ce fichier se présente comme un fichier CSV, mais c’est un classeur Excel"),
    ("texte.xlsx", b"a;b\nc;d\n", "ce fichier se présente comme un classeur Excel, mais c’est un fichier CSV"),
    ("page.csv", b"<!DOCTYPE html><html>", "ce fichier est une page web ou un texte balisé, pas un tableau"),
    ("note.csv", b"%PDF-1.7", "ce fichier est un document PDF, pas un tableau"),
    (
        "vieux.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "ce fichier est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe, pas un tableau",
    ),
    ("bombe.xlsx", bomb(), "ce classeur déplie plus de 80 Mo de données"),
    ("glisse.xlsx", odd_archive("xl/workbook.xml", "../../x"), "cette archive contient un chemin anormal"),
    ("ods.xlsx", odd_archive("mimetype", "content.xml"), "ce fichier est un document LibreOffice"),
    ("zip.xlsx", odd_archive("liste.csv"), "cette archive n’est pas un classeur Excel"),
    ("coupe.xlsx", PLAIN[: len(PLAIN) // 2], "ce classeur ne se lit pas"),
    (
        "loin.xlsx",
        with_rows(b'<row r="99999999999"><c><v>1</v></c></row>'),
        "ce tableau a plus de 1\u202f048\u202f576 lignes",
    ),
    ("large.xlsx", with_rows(b'<row r="3"><c r="XFD3"><v>1</v></c></row>'), "ce tableau a plus de 200 colonnes"),
    ("foule.xlsx", with_rows(b"<row>" + b"<c/>" * 1_010_000), "ce tableau a plus de 1\u202f000\u202f000 cellules"),
    ("balises.xlsx", with_rows(b"<x/>" * 3_100_000), "ce classeur déplie trop de cellules"),
    (
        "long.xlsx",
        with_rows(b'<row r="3"><c t="str"><v>' + b"x" * 70_000 + b"</v></c></row>"),
        "une cellule contient un texte démesuré",
    ),
    (
        "doctype.xlsx",
        with_part(PLAIN, "sharedStrings.xml", lambda part: part.replace(b"?>", b"?>" + DOCTYPE, 1)),
        "ce classeur contient une déclaration interdite",
    ),
    (
        "styles.xlsx",
        with_part(PLAIN, "styles.xml", lambda part: part.replace(b"</cellXfs>", b"<xf/>" * 70_000 + b"</cellXfs>")),
        "ce classeur a trop de mises en forme",
    ),
    ("liste.geojson", b"[1, 2]", "ce fichier n’est pas une collection GeoJSON"),
    ("creux.geojson", b'{"features":' + b"[" * 100_000, "ce fichier n’est pas une collection GeoJSON"),
    ("foule.geojson", b'{"features":[' + b"{}," * 1_000_000 + b"{}]}", "cette collection GeoJSON est trop grande"),
    ("base.gpkg", sqlite_file("CREATE TABLE a (b)"), "ce GeoPackage ne se lit pas"),
    ("coupe.gpkg", sqlite_file("CREATE TABLE a (b)")[:600], "ce GeoPackage ne se lit pas"),
]


@pytest.mark.parametrize(("name", "content", "message"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_hostile_or_foreign_file_is_refused_with_its_reason(name: str, content: bytes, message: str):
    with pytest.raises(DataError) as raised:
        read_content(content, name)
    assert raised.value.message == message
    assert raised.value.where.startswith(name)
    assert raised.value.remedy


def test_the_line_of_a_quote_that_is_never_closed_is_told():
    with pytest.raises(DataError) as raised:
        csv_table('a;b\nc;d\n"e;f\ng;h\n')
    assert raised.value.where == "essai.csv, ligne 3 du texte"


def test_a_query_that_never_ends_in_a_geopackage_is_stopped(monkeypatch):
    monkeypatch.setattr("esscarto.storage.reading_features.MAX_STEPS", 0)
    content = sqlite_file(
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)",
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT)",
        "INSERT INTO gpkg_contents VALUES ('a', 'features')",
        "CREATE TABLE a (nom TEXT, ville TEXT)",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9000) "
        "INSERT INTO a SELECT 'A', 'B' FROM n",
    )
    assert refusal(content, "a.gpkg") == "ce GeoPackage ne se lit pas"


def test_a_damaged_point_gives_no_coordinate():
    from esscarto.storage.reading_features import _gpkg_point

    head = b"GP\0\x01" + struct.pack("<i", 4326)
    whole = head + b"\x01" + struct.pack("<Idd", 1, 3.3, 49.4)
    assert _gpkg_point(whole) == ("3.3", "49.4")
    assert _gpkg_point(whole[:-1]) is None
    assert _gpkg_point(b"GP\0\x11" + whole[4:]) == ("", "")


def test_a_file_of_the_disk_that_is_too_heavy_is_never_opened(tmp_path, monkeypatch):
    path = tmp_path / "gros.csv"
    with path.open("wb") as file:
        file.truncate(file_limits.MAX_BYTES + 1)
    monkeypatch.setattr(reading_files, "read_content", lambda *_: pytest.fail("it was read"))
    with pytest.raises(DataError, match="ce fichier pèse 10,0 Mo"):
        read_path(path)
    with pytest.raises(DataError, match="ce fichier n’existe pas"):
        read_path(tmp_path / "absent.csv")
