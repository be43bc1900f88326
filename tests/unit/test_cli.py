"""The command line, run in this process on the real data or on a copy of it."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from esscarto import cli
from esscarto.settings import SITE

ACTORS = "nom;commune;code postal;siret\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(SITE / "data", tmp_path / "data"))
    monkeypatch.setenv("ESSCARTO_DATA", str(copy))
    return copy


def test_the_shipped_data_have_nothing_to_mend(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["check"]) == 0
    assert "0\u00a0valeur à corriger" in capsys.readouterr().out


def test_a_value_to_mend_is_said_with_its_line_and_the_code_is_1(data: Path, capsys: pytest.CaptureFixture[str]):
    table = data / "actors.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",actif,", ",actf,", 1), encoding="utf-8")
    assert cli.main(["check"]) == 1
    assert "Vouliez-vous dire « actif » ?" in capsys.readouterr().out


def test_a_file_to_import_is_checked_line_by_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    del data
    path, report = tmp_path / "structures.csv", tmp_path / "rapport.xlsx"
    path.write_text(f"{ACTORS}Café du coin;Soissons;02200;\nSans commune;Nulle-Part;02200;\n", encoding="utf-8")
    assert cli.main(["check", str(path), "--report", str(report)]) == 1
    assert "Nulle-Part" in capsys.readouterr().out
    assert openpyxl.load_workbook(report).sheetnames


def test_a_refused_file_is_a_french_sentence_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "absent.csv"
    assert cli.main(["check", str(path)]) == 1
    assert capsys.readouterr().err.startswith("esscarto : ")


def test_versions_say_that_none_is_kept_yet(data: Path, capsys: pytest.CaptureFixture[str]):
    del data
    assert cli.main(["versions"]) == 0
    assert "Aucune version gardée" in capsys.readouterr().out


def test_offline_geocoding_writes_a_file_beside_and_asks_nothing(data: Path, tmp_path: Path):
    del data
    path = tmp_path / "lieux.csv"
    path.write_text("adresse,code_postal,commune,code_insee\n1 rue de la Paix,02200,Soissons,02722\n", encoding="utf-8")
    out = tmp_path / "avec-points.csv"
    assert cli.main(["geocode", str(path), "--offline", "--out", str(out)]) == 0
    assert "commune" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ESSCARTO_ACCESS": "ouvert"}, "« ouvert » n’existe pas"),
        ({"ESSCARTO_ACCESS": "proxy", "ESSCARTO_PROXY_SECRET": "court"}, "ESSCARTO_PROXY_SECRET"),
    ],
)
def test_a_server_whose_unknown_mode_or_short_secret_would_surprise_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variables: dict[str, str], said: str
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["serve"]) == 1
    assert said in capsys.readouterr().err
