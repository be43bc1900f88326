"""Take the pictures of docs/guides/annuaire.md again: `python -m scripts.take_pictures`, from the repository.

The application runs on a copy of `data/`, where a few invented structures, whose names end with « (exemple) »,
are added first: the directory itself is not touched. Needs what the tests need (Playwright, Chromium on the PATH).
"""

import datetime
import io
import re
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from tests.browser.conftest import FLAGS, ROOT, serving

from esscarto.editing import Addition, Correction, Retirement
from esscarto.journal import record
from esscarto.proposals import Submission, submit
from esscarto.ratelimit import RateLimiter
from esscarto.storage.store import FileStore

FOLDER = ROOT / "docs" / "guides" / "images"
WIDTH = 1280
MOST_BYTES = 120_000
COLOURS = 64

PLACE = {"precision": "commune", "commune": "Soissons", "code_insee": "02722"}
ROW = {"statut_ess": "statut", "famille": "association", "roles": "operateur", "statut": "actif", **PLACE}
FILE = """nom;adresse;code_postal;commune;siret;site
Théâtre du Lavoir (exemple);1 place du Marché;02200;Soissons;;https://lavoir.example
Jardins de la Gare (exemple);2 rue de la Gare;2200;Soisons;;
Taxi solidaire (exemple);;80200;Péronne;123;
Cantine mobile (exemple);3 rue de la Gare;02200;Péronne;;cantine.example
Ressourcerie AIR;;80200;Péronne;;
;4 rue de la Gare;02200;Soissons;;
"""


def prepare(data: Path) -> None:
    """Give the copy a journal, and a proposal that waits."""
    store, now = FileStore(data), datetime.datetime.now().astimezone()
    long_ago, lately, yesterday = (now - datetime.timedelta(days=days) for days in (300, 40, 1))

    def addition(actor: str, name: str, **cells: str) -> Addition:
        row = {"id": actor, "organisation": actor, "nom": f"{name} (exemple)", "source": f"saisie:{long_ago.date()}"}
        return Addition({**ROW, "statut_date": f"{long_ago.date()}", **row, **cells})

    first = [addition("exemple-velo", "Atelier vélo"), addition("exemple-laverie", "Laverie du canal")]
    record(store, first, role="referent", reason="Vues au forum de l’ESS", now=long_ago)
    more = {"adresse": "1 place du Marché", "site_web": "https://velo.example"}
    record(store, [Correction("exemple-velo", {}, more)], role="referent", reason="Site de la structure", now=lately)
    record(store, [Retirement("exemple-laverie", {}, f"{lately.date()}")], role="referent", now=lately)
    record(
        store, [addition("exemple-cafe", "Café des Trois Moulins", types="tiers_lieu")], role="referent", now=yesterday
    )
    cells = {"telephone": "03 23 00 00 00", "description": "Atelier de réparation de vélos."}
    submit(store, Submission(cells, "Site de la structure", "exemple-velo"), sender="", limiter=RateLimiter())


class Camera:
    """A window of 1,280 pixels on one server."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address

    def open(self, part: str, actor: str = "") -> None:
        self.page.goto(f"{self.address}/donnees?partie={part}" + (f"&acteur={actor}" if actor else ""))
        expect(self.page.locator("h1")).to_be_visible()
        self.rest()

    def rest(self) -> None:
        """Wait until the page has been run and drawn."""
        expect(self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
        expect(self.page.locator('[data-testid="stSkeleton"], [data-stale="true"]')).to_have_count(0)

    def press(self, words: str) -> None:
        """Choose a view: the last row of buttons that bears these words."""
        self.page.get_by_test_id("stButtonGroup").get_by_text(re.compile(f"^{words}")).last.click()
        self.rest()

    def take(self, name: str, height: int, top: str = "h1") -> None:
        """Write one picture, from an element down, in few colours so that it stays light."""
        self.page.locator(top).first.scroll_into_view_if_needed()
        box = self.page.locator(top).first.bounding_box()
        assert box, f"{name}: {top} is not on the page"
        clip = {"x": 0, "y": max(0, box["y"] - 16), "width": WIDTH, "height": height}
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip))).convert("RGB")
        target = FOLDER / f"{name}.png"
        shot.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
        size = target.stat().st_size
        assert size < MOST_BYTES, f"{target.name} weighs {size} bytes"
        print(f"{target.relative_to(ROOT)}: {size // 1000} kB")


def take_all(camera: Camera) -> None:
    camera.open("sante")
    camera.take("annuaire-etat", 900)
    camera.press("À vérifier")
    camera.take("annuaire-a-verifier", 700, "h2")
    camera.open("importer")
    sent = {"name": "structures.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    camera.page.locator('input[type="file"]').set_input_files(sent)
    expect(camera.page.get_by_text("Rien n’est encore écrit")).to_be_visible()
    camera.rest()
    camera.press("Problèmes")
    camera.take("annuaire-importer", 900, "h2")
    camera.press("Doublons")
    camera.take("annuaire-doublons", 900, "h2")
    camera.open("geocoder")
    camera.take("annuaire-situer", 270, "h2")
    camera.open("modifier", "exemple-velo")
    camera.take("annuaire-modifier", 900, "h2")
    camera.open("historique")
    camera.take("annuaire-historique", 900, "h2")
    camera.open("propositions")
    camera.take("annuaire-propositions", 700, "h2")
    camera.open("lettre")
    camera.take("annuaire-lettre", 960, "h2")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        shutil.copytree(ROOT / "data", data)
        prepare(data)
        with serving(data, ESSCARTO_ACCESS="local") as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take_all(Camera(browser.new_page(viewport={"width": WIDTH, "height": 2400}, locale="fr-FR"), address))
            browser.close()


if __name__ == "__main__":
    main()
