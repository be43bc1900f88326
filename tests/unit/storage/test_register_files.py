import tracemalloc

import openpyxl
import pytest

from esscarto.errors import DataError
from esscarto.storage.register_files import read_register, write_table

WANTED = {"siren": ("SIREN", "numéro siren"), "nom": ("Nom",), "actif": ("actif",)}


@pytest.fixture
def read(tmp_path):
    def go(content: bytes, name="f.csv", required=("siren", "nom")):
        path = tmp_path / name
        path.write_bytes(content)
        return list(read_register(path, WANTED, required))

    return go


def test_only_the_columns_that_are_wanted_are_read_under_our_names(read):
    lines = read("Numéro SIREN;NOM;Dirigeant\n012;Élan;X\n\n345;Y;Z\n".encode())
    assert lines == [(2, {"siren": "012", "nom": "Élan"}), (4, {"siren": "345", "nom": "Y"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_every_usual_encoding_and_separator(read, encoding, mark):
    assert read(f"siren{mark}nom\r\n1{mark}Œuvre\r\n".encode(encoding)) == [(2, {"siren": "1", "nom": "Œuvre"})]


def test_an_accent_far_from_the_start_decides_of_the_encoding(read):
    content = b"siren;nom\n" + b"1;a\n" * 5000 + "2;é".encode("cp1252")
    assert read(content)[-1][1]["nom"] == "é"


def test_json_and_its_lists_and_numbers(read):
    content = b'[{"siren": 12, "nom": ["a", null, "b"], "actif": true}, {"siren": null, "actif": 3.0}, 7]'
    assert read(content, "f.json") == [
        (1, {"siren": "12", "nom": "a|b", "actif": "true"}),
        (2, {"siren": "", "nom": "", "actif": "3"}),
    ]
    assert read(b'{"data": [{"siren": "1", "nom": "a"}], "meta": {}}', "f.json")[0][1]["siren"] == "1"


def test_a_workbook(read, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["SIREN", "Nom"])
    book.active.append([12, "Élan"])
    book.save(tmp_path / "b.xlsx")
    assert read((tmp_path / "b.xlsx").read_bytes(), "c.xlsx") == [(2, {"siren": "12", "nom": "Élan"})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ne contient aucune ligne"),
        (b"siren;nom\n", "ne contient aucune ligne"),
        (b"a;b\n1;2\n", "il manque « SIREN » et « Nom »"),
        (b"<!DOCTYPE html>", "page web"),
        (b"[1, 2", "JSON"),
        (b'{"a": 1}', "n’est pas une liste"),
        (b"PK\x03\x04 broken", "ce classeur ne se lit pas"),
        (b"siren;nom\n1;2;3\n", "n’est pas régulier"),
        (b"siren;nom\n1;" + b"x" * (2**20 + 1), "n’est pas régulier|ne se lit pas"),
    ],
)
def test_another_file_is_refused_in_french(read, content, said):
    with pytest.raises(DataError, match=said):
        read(content)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="n’existe pas"):
        list(read_register(tmp_path / "x.csv", WANTED, ()))


def test_a_long_file_is_never_whole_in_memory(tmp_path):
    path = tmp_path / "long.csv"
    line = b"123456789;UN NOM DE STRUCTURE ASSEZ LONG;" + b"x" * 60 + b"\n"
    path.write_bytes(b"siren;nom;reste\n" + line * 40_000)
    tracemalloc.start()
    count = sum(1 for _ in read_register(path, WANTED, ("siren",)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000
    assert peak < path.stat().st_size / 2


def test_a_table_that_is_written_computes_nothing_and_is_read_back(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, ["siren", "nom"], [["1", "=1+1"], ["2", 'a;b\n"c"']])
    assert b"'=1+1" in path.read_bytes()
    assert [cells["nom"] for _, cells in read_register(path, WANTED, ("siren",))] == ["=1+1", 'a;b\n"c"']


def test_a_folder_that_cannot_be_written_to(tmp_path):
    with pytest.raises(DataError, match="ne peut pas être écrit"):
        write_table(tmp_path / "nowhere" / "t.csv", ["a"], [])
