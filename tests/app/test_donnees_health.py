"""The parts « État de l’annuaire » and « Lettre », with figures counted by hand from the table."""

import csv
import math
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.app.harness import open_page, raw, text_of

from esscarto import settings
from esscarto.editing import Addition
from esscarto.journal import record
from esscarto.storage.store import FileStore
from esscarto.ui.directory import health

DATA = settings.SITE / "data"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, that this machine's user may change."""
    for path in DATA.iterdir():
        if path.name not in ("actors.csv", "journal.csv", "proposals.csv"):
            (tmp_path / path.name).symlink_to(path)
    shutil.copy(DATA / "actors.csv", tmp_path)
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    return tmp_path


def rows() -> list[dict[str, str]]:
    with (DATA / "actors.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("folder")
def test_the_overview_says_the_counts_of_the_table():
    words, table = text_of(open_page("donnees", partie="sante")), rows()
    filled = sum(row["siret"] != "" for row in table)
    pointless = sum(row["siret"] == "" and row["statut"] in ("projet", "passe") for row in table)
    assert f"{filled} sur {len(table) - pointless}" in words
    assert f"{pointless} (acteurs en projet ou terminés)" in words
    assert f"{sum(row['precision'] == 'aucune' for row in table)} sur {len(table)}" in words
    assert "282 établissements (2019)" in words
    assert "non fourni par la source" in words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0\u00a0%"), (0.4, "moins de 1\u00a0%"), (99.7, "100\u00a0%"), (math.nan, "n. d.")]
)
def test_a_share_that_is_nearly_nothing_is_not_nothing(share: float, words: str):
    assert health._percent(share) == words


@pytest.mark.usefixtures("folder")
def test_a_territory_chosen_narrows_every_count():
    app = open_page("donnees", partie="sante")
    app.selectbox(key="sante_territoire").set_value("petr:coeur-hauts-de-france").run()
    assert not app.exception
    words = text_of(app)
    assert "PETR Cœur des Hauts-de-France" in words
    assert "282 établissements" not in words


@pytest.mark.usefixtures("folder")
def test_each_actor_to_check_leads_an_editor_to_its_form():
    app = open_page("donnees", partie="sante")
    app.segmented_control(key="sante_vue").set_value("verifier").run()
    app.selectbox(key="sante_motif").set_value("declare").run()
    assert not app.exception
    wanted = {row["id"] for row in rows() if row["statut"] == "a_verifier"}
    assert set(re.findall(r'href="donnees\?partie=modifier&(?:amp;)?acteur=([a-z0-9-]+)"', raw(app))) == wanted
    assert f"{len(wanted)} acteurs à vérifier" in text_of(app)


def test_a_visitor_is_led_to_a_proposal_and_never_to_the_form(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    app = open_page("donnees", partie="sante")
    app.segmented_control(key="sante_vue").set_value("verifier").run()
    assert "partie=modifier" not in raw(app)
    assert "donnees?partie=proposer&acteur=" in raw(app).replace("&amp;", "&")
    assert (folder / "actors.csv").read_bytes() == (DATA / "actors.csv").read_bytes()


def test_two_actors_alike_are_shown_side_by_side(folder: Path):
    with (folder / "actors.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        known = list(reader)
    twin = {**next(row for row in known if row["id"] == "oress"), "id": "oress-bis", "organisation": "oress-bis"}
    with (folder / "actors.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(twin), lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            [
                *known,
                {**twin, "precision": "commune", "commune": "Soissons", "code_insee": "02722"},
                {
                    **twin,
                    "id": "oress-ter",
                    "organisation": "oress-ter",
                    "precision": "commune",
                    "commune": "Soissons",
                    "code_insee": "02722",
                },
            ]
        )
    app = open_page("donnees", partie="sante")
    app.segmented_control(key="sante_vue").set_value("doublons").run()
    assert not app.exception
    assert "1 paire à comparer" in text_of(app)
    assert "ORESS / ORESS" in text_of(app)


@pytest.mark.usefixtures("folder")
def test_the_letter_says_that_nothing_has_changed():
    assert "rien n’a changé dans l’annuaire" in text_of(open_page("donnees", partie="lettre"))


def test_the_letter_shows_a_hostile_name_as_it_is_written(folder: Path):
    name = "Essai {{7*7}} <img src=x onerror=alert(1)> ![](http://x/y)"
    row = {
        "id": "essai",
        "organisation": "essai",
        "nom": name,
        "statut_ess": "non_imprime",
        "roles": "operateur",
        "precision": "commune",
        "commune": "Soissons",
        "code_insee": "02722",
        "statut": "actif",
        "source": "saisie:2026-10-05",
    }
    record(FileStore(folder), [Addition(row)], role="referent", now=datetime.now(UTC))
    app = open_page("donnees", partie="lettre")
    assert "Essai {{7*7}} &lt;img src=x onerror=alert(1)&gt; ![](http://x/y)" in raw(app)
    assert r"\<img src=x onerror=alert(1)\> \!\[\](http\://x/y)" in app.code[0].value
    assert "CA GrandSoissons Agglomération" in text_of(app)
    assert "<img" not in raw(app)


@pytest.mark.usefixtures("folder")
def test_the_letter_speaks_first_of_the_petr():
    assert open_page("donnees", partie="lettre").selectbox(key="lettre_territoire").value.startswith("petr:")


def test_the_letter_is_not_for_visitors(folder: Path, monkeypatch: pytest.MonkeyPatch):
    assert folder.is_dir()
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    assert "ce qui a changé depuis" not in text_of(open_page("donnees", partie="lettre"))
