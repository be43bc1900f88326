"""`esscarto fiches`: one PDF a commune, progress, and errors in words."""

import datetime
from pathlib import Path

import pypdf
import pytest

from esscarto import cli
from esscarto.documents.sheet_batch import communes, write_sheets
from esscarto.errors import DataError
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)


def test_an_epci_asks_for_each_of_its_communes_once(site: Site):
    found = communes(site, epci="200071991", codes=["02810"])
    # 54 communes in the CC Retz-en-Valois; Villers-Cotterêts is one of them.
    assert len(found) == 54
    assert Territory("commune", "02810") in found


def test_the_code_of_a_commune_that_has_merged_leads_to_that_of_today(site: Site):
    assert communes(site, codes=["02018"]) == [Territory("commune", "02018")]
    assert communes(site, codes=["02026"]) == [Territory("commune", "02458")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "aucune commune n’est demandée"),
        ({"codes": ["99999"]}, "la commune « 99999 »"),
        ({"epci": "123"}, "n’est dans aucune couche"),
        ({"petr": "ailleurs"}, "n’est dans aucune couche"),
    ],
)
def test_what_cannot_be_written_is_said(site: Site, asked: dict, said: str):
    with pytest.raises(DataError, match=said):
        communes(site, **asked)


def test_each_file_bears_the_name_of_its_commune_and_progress_is_told(site: Site, tmp_path: Path):
    told: list[tuple[int, int, str]] = []
    wanted = communes(site, codes=["02722", "02010"])
    files = write_sheets(site, wanted, tmp_path / "neuf", DAY, "", lambda *step: told.append(step))
    assert [path.name for path in files] == ["fiche-02722-soissons.pdf", "fiche-02010-allemant.pdf"]
    assert told == [(1, 2, files[0].name), (2, 2, files[1].name)]
    assert "Soissons" in pypdf.PdfReader(files[0]).pages[0].extract_text()


def test_a_folder_that_is_a_file_is_an_error_in_words(site: Site, tmp_path: Path):
    (tmp_path / "plein").write_text("")
    with pytest.raises(DataError, match="ne peut pas être écrit"):
        write_sheets(site, communes(site, codes=["02722"]), tmp_path / "plein", DAY, "", lambda *_: None)


def test_the_command_writes_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["fiches", "--commune", "02722", "--out", str(tmp_path)]) == 0
    assert "1/1  fiche-02722-soissons.pdf" in capsys.readouterr().out
    assert (tmp_path / "fiche-02722-soissons.pdf").read_bytes().startswith(b"%PDF")


def test_the_command_without_a_commune_returns_1(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["fiches"]) == 1
    assert "--epci" in capsys.readouterr().err
