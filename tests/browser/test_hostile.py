"""Hostile names reach the screen exactly as they are written, and run nothing: not here, not in the browser."""

import csv
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from esscarto.settings import data_dir
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

NAMES = [
    "{{7*7}} et {% x",
    "{# commentaire #}",
    '<img src="data:," onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "`${window.hit=1}`",
    "finit par \\",
    """L'Étape "d'Or" & Cie <3""",
    "![](https://tracker.example/p.png)",
    "*gras* _3_4_5 $5 et $6 :red[x] # titre",
    "NA",
    "=HYPERLINK(1)",
]


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory):
    """The real data and one actor per hostile name, all in Soissons, plus one row that does not hold."""
    folder: Path = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(data_dir(), folder)
    marker = folder / "hit"
    with (folder / "actors.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        fields, rows = list(reader.fieldnames or []), list(reader)
    served = "{{cycler.__init__.__globals__.os.mkdir('" + str(marker) + "')}}"
    for number, name in enumerate([*NAMES, served]):
        texts = dict.fromkeys(
            ("nom", "aliases", "description", "note", "adresse", "effectif_imprime", "lieu_source"), name
        )
        rows.append(
            dict.fromkeys(fields, "")
            | texts
            | {
                "id": f"hostile-{number}",
                "organisation": f"hostile-{number}",
                "statut_ess": "statut",
                "famille": "association",
                "roles": "operateur",
                "precision": "commune",
                "commune": "Soissons",
                "code_insee": "02722",
                "statut": "actif",
                "source": "000:1",
                "telephone": name,
                "courriel": name,
            }
        )
    rows.append(rows[-1] | {"id": "sans-nom", "organisation": "sans-nom", "nom": ""})
    with (folder / "actors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with serving(folder) as address:
        yield address, marker


def test_every_hostile_name_is_shown_exactly_in_the_list_and_on_the_map(visit, hostile_app):
    address, marker = hostile_app
    for number, name in enumerate(NAMES):
        visit.open(f"{address}/carte?t=commune:02722&sel=acteur:hostile-{number}")
        visit.wait_for_map()
        expect(visit.page.locator(".ess-fiche h2")).to_have_text(name)
        expect(visit.map.locator(".leaflet-popup .ess-fiche h2 > span:last-child")).to_have_text(name)
        assert visit.page.evaluate("() => window.hit") is None
        assert visit.map.locator("body").evaluate("() => window.hit") is None
    assert not marker.exists()


def test_the_list_and_the_search_show_them_too_and_the_bad_row_alone_is_left_out(visit, hostile_app):
    address, marker = hostile_app
    visit.open(f"{address}/carte?t=commune:02722&q=etape")
    visit.wait_for_map()
    expect(visit.page.locator("table.ess-liste tbody th a")).to_have_text([NAMES[6]])
    visit.map.get_by_role("combobox").fill("hyperlink")
    expect(visit.map.get_by_role("option").first).to_contain_text("=HYPERLINK(1)")
    visit.open(f"{address}/sources")
    expect(visit.page.get_by_text("cette valeur est obligatoire")).to_have_count(1)
    assert not marker.exists()
