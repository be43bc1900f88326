"""The file that is carried, in a second browser: Firefox, driven by Mozilla's own client, without a network."""

import csv
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from marionette_driver import By
from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette

from esscarto.offline import carried
from esscarto.settings import data_dir
from esscarto.site import load_site
from esscarto.timetable import build
from esscarto.tours import Tour
from tests.browser.test_presentation import DAY, SOISSONNAIS

pytestmark = pytest.mark.browser

PATIENCE_S = 60.0
COMMUNES = 163


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Marionette, Path, Path]]:
    """Firefox on the file of a tour, and where it writes what is downloaded. No host can be reached: a dead proxy."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path, "Firefox is not on the PATH: make browsers"
    folder = tmp_path_factory.mktemp("firefox")
    site = load_site(data_dir())
    file = folder / "tour à emporter.html"
    file.write_bytes(carried.of_tour(site, build(site, Tour("Décembre").with_actors(SOISSONNAIS)), DAY))
    dead = {f"network.proxy.{kind}": "127.0.0.1" for kind in ("http", "ssl")}
    dead |= {f"network.proxy.{kind}_port": 9 for kind in ("http", "ssl")}
    downloads = {"browser.download.folderList": 2, "browser.download.dir": str(folder)}
    browser = Marionette(
        host="127.0.0.1",
        port=0,
        bin=path,
        headless=True,
        gecko_log=str(folder / "gecko.log"),
        prefs={"network.proxy.type": 1, **dead, **downloads, "browser.download.useDownloadDir": True},
    )
    browser.start_session()
    browser.set_window_rect(width=1300, height=900)
    browser.navigate(file.as_uri())
    yield browser, file, folder
    browser.quit()
    browser.cleanup()


def wait(condition: Callable[[], Any]) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + PATIENCE_S
    while not (held := condition()):
        assert time.monotonic() < end, "nothing came in time"
    return held


def ask(browser: Marionette, script: str) -> Any:
    return browser.execute_script(f"return {script}", sandbox=None)


def test_the_map_is_painted_filtered_presented_and_noted_without_a_network(firefox: tuple[Marionette, Path, Path]):
    browser, file, folder = firefox
    wait(lambda: ask(browser, "document.querySelector('#carte').dataset.pret"))
    wait(lambda: not ask(browser, "document.body.classList.contains('avant')"))
    assert ask(browser, "document.querySelectorAll('path.ess-polygone').length") == COMMUNES
    assert ask(browser, "document.querySelectorAll('.etape').length") == len(SOISSONNAIS)

    before = ask(browser, "document.querySelectorAll('#liste [data-acteur]').length")
    box = browser.find_element(By.CSS_SELECTOR, "input[name=th][value=mobilite]")
    browser.execute_script("arguments[0].scrollIntoView()", [box])
    box.click()
    kept = wait(lambda: (n := ask(browser, "document.querySelectorAll('#liste [data-acteur]').length")) < before and n)
    assert 0 < kept < before

    browser.find_element(By.CSS_SELECTOR, "[data-presenter=tour]").click()
    wait(lambda: ask(browser, "document.querySelector('#rang').textContent") == "1 sur 7")
    for rank in (2, 3):
        browser.find_element(By.CSS_SELECTOR, "article:not([hidden])").send_keys(Keys.ARROW_RIGHT)
        said = f"{rank} sur 7"
        wait(lambda said=said: ask(browser, "document.querySelector('#rang').textContent") == said)
    assert ask(browser, "document.querySelector('.etape.ici').textContent") == "2"
    browser.find_element(By.ID, "quitter").click()

    browser.find_element(By.CSS_SELECTOR, ".noter summary").click()
    browser.find_element(By.CSS_SELECTOR, ".noter [name=notes]").send_keys("Vu l’atelier")
    browser.navigate(file.as_uri())
    wait(lambda: ask(browser, "document.querySelector('.noter .fait').textContent") == " (noté)")
    browser.find_element(By.ID, "exporter").click()
    target = folder / "esscarto-notes-decembre.csv"
    wait(lambda: target.is_file() and target.stat().st_size)
    with target.open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written, delimiter=";"))
    assert [row["notes"] for row in rows] == ["Vu l’atelier"]
    assert (
        ask(browser, "performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('file:')).length")
        == 0
    )
