"""Time and memory: a large file is checked within its bounds, and a hostile one is refused within smaller ones.

Each is measured in a process of its own: seconds of processor, and the highest memory that the system saw.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from esscarto.settings import SITE

LINES = 20_000
SCRIPT = """
import json, sys, time
from pathlib import Path
from esscarto.errors import DataError
from esscarto.importing.file_check import check_file

try:
    said = check_file(Path(sys.argv[1]), Path(sys.argv[2])).counts.sentence()
except DataError as error:
    said = str(error)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"said": said, "seconds": time.process_time(), "megabytes": int(peak.split()[1]) / 1024}))
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux")


def measure(path: Path, data: Path = SITE / "data") -> dict:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), str(data)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def best(path: Path, seconds: float, data: Path = SITE / "data") -> dict:
    """Measure up to three times, and return the fastest: other programs on the machine slow a process down."""
    measured = measure(path, data)
    for _ in range(2):
        if measured["seconds"] > seconds:
            measured = min(measured, measure(path, data), key=lambda one: one["seconds"])
    return measured


def large_lines(gazetteer) -> list[list[str]]:
    header = (
        "Raison sociale;Adresse;CP;Commune;Code INSEE;Lat;Lon;SIRET;Téléphone;Famille;Thèmes;Mise à jour;Description"
    )
    codes, centres = list(gazetteer.names), gazetteer.territories.communes
    lons, lats = centres["label_lon"].tolist(), centres["label_lat"].tolist()
    lines = [[*header.split(";"), "Réf."]]
    for number in range(LINES):
        place = number * 7 % len(codes)
        code = codes[place]
        postal = min(gazetteer.postal[code])
        lines.append(
            [
                f"Épicerie {chr(97 + number % 26)}{number // 26 % 97} des Œillets {number % 1009}",
                f"{number % 90 + 1} rue de l’Église",
                postal.lstrip("0") if number % 10 == 0 else postal,
                gazetteer.names[code],
                code,
                f"{lats[place]:.5f}".replace(".", ","),
                f"{lons[place]:.5f}".replace(".", ","),
                str(10**13 + number * 7_919),
                f"03 23 {number % 90 + 10} 00 00",
                "Associations",
                "Insertion et emploi, Culture",
                "14/07/2024",
                "Un texte libre, accentué, pour remplir la case. " * 2,
                f"R{number}",
            ]
        )
    return lines


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_twenty_thousand_lines_take_less_than_five_seconds_and_five_hundred_megabytes(tmp_path, gazetteer, form: str):
    lines = large_lines(gazetteer)
    path = tmp_path / f"grand.{form}"
    if form == "csv":
        path.write_text("\r\n".join(";".join(line) for line in lines), encoding="cp1252", errors="replace")
    else:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    sheet.write_string(row, column, cell)
    measured = best(path, 5)
    assert measured["said"].startswith("20\u202f000\u00a0lignes lues")
    assert measured["seconds"] <= 5
    assert measured["megabytes"] <= 500


def workbook(ending: str, before: bytes, xml: bytes) -> bytes:
    """Make a workbook in which some XML stands before a tag of one part."""
    plain, changed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write_row(0, 0, ["nom", "ville"])
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(before, xml + before) if name.endswith(ending) else part)
    return changed.getvalue()


HOSTILE = {
    "lignes.csv": lambda: b"nom;ville\n" + b"1;2\n" * 2_500_000,
    "separateurs.csv": lambda: b"nom;ville\n" + b";" * 10_000_000,
    "blancs.csv": lambda: b"nom;ville\n" + b"\n" * 10_000_000,
    "colonnes.csv": lambda: b",".join(b"c%d" % column for column in range(1_000_000)) + b"\n",
    "cellule.csv": lambda: b'nom;ville\n"' + b"x" * 9_000_000 + b'";1\n',
    "ouvert.csv": lambda: b'nom;ville\n"' + b"x\n" * 4_000_000,
    "cellules.xlsx": lambda: workbook("sheet1.xml", b"</sheetData>", b"<row>" + b"<c/>" * 2_990_000 + b"</row>"),
    "lignes.xlsx": lambda: workbook("sheet1.xml", b"</sheetData>", b"<row><c/></row>" * 990_000),
    "textes.xlsx": lambda: workbook("sharedStrings.xml", b"</sst>", b"<si><t>a</t></si>" * 740_000),
    "styles.xlsx": lambda: workbook("styles.xml", b"</cellXfs>", b"<xf/>" * 2_900_000),
    "enorme.xlsx": lambda: workbook(
        "sheet1.xml", b"</sheetData>", b'<row><c t="str"><v>' + b"x" * 70_000_000 + b"</v></c></row>"
    ),
    "bombe.xlsx": lambda: workbook("sheet1.xml", b"</sheetData>", b" " * 500_000_000),
    "objets.geojson": lambda: b'{"features":[' + b'{"a":1},' * 740_000 + b"{}]}",
    "listes.geojson": lambda: b'{"features":[' + b"[]," * 740_000 + b"[]]}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_two_seconds_and_three_hundred_megabytes(tmp_path, name: str):
    path = tmp_path / name
    path.write_bytes(HOSTILE[name]())
    measured = best(path, 2, tmp_path / "no such data")
    assert name in measured["said"]
    assert measured["seconds"] <= 2
    assert measured["megabytes"] <= 300
