"""Ten real questions asked through the page Partenaires; the answers are measured again here, without esscarto.

Points come from ``data/actors.csv`` and from the layer of the communes, distances from Pythagoras on Lambert-93
(EPSG:2154). The names that each answer must give, and some of its distances, were worked out by hand.
"""

import csv
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pyproj
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, serving

pytestmark = pytest.mark.browser

DATA = Path(__file__).resolve().parents[2] / "data"
TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
RADIUS_M = 20_000
INSERTION = {"siae", "ei", "aci", "ai", "etti", "geiq", "ea", "esat", "regie_quartier", "entreprise_but_emploi"}
BY_HAND = {
    # From (706 928, 6 905 151) to (721 341, 6 972 438): √(14 413² + 67 287²) = √4 735 274 938.
    ("02810", "adf-02"): 68_813,
    # From (706 928, 6 905 151) to (703 504, 6 902 057): √(3 424² + 3 094²) = √21 296 612.
    ("02810", "apei-des-2-vallees-coyolles"): 4_615,
    # From (694 654, 6 981 813) to (695 824, 6 985 261): √(1 170² + 3 448²) = √13 257 604.
    ("80620", "esat-dallaines"): 3_641,
    # From (723 337, 6 920 506) to (728 978, 6 921 253): √(5 641² + 747²) = √32 378 890.
    ("02722", "tereos"): 5_690,
    # From (705 531, 6 961 762) to (721 341, 6 972 438): √(15 810² + 10 676²) = √363 933 076.
    ("80410", "adf-02"): 19_077,
    # From (708 004, 6 923 255) to (726 679, 6 919 412): √(18 675² + 3 843²) = √363 524 274.
    ("02795", "axo-meca"): 19_066,
    # From (685 719, 6 968 735) to (694 654, 6 981 813): √(8 935² + 13 078²) = √250 868 309.
    ("80186", "association-saint-jean"): 15_839,
}
"""Commune and actor -> metres, from coordinates rounded to the metre."""


@dataclass(frozen=True)
class Case:
    """A question, what its words mean, and who must be named with a distance, in the order of the page."""

    commune: str
    name: str
    words: str
    themes: str
    operators: str
    insertion: str
    types: str = ""
    by_link: bool = False
    actorless: bool = False
    told: str = ""


CASES = [
    Case(
        "02810",
        "Villers-Cotterêts (02)",
        "ouvrir une ressourcerie",
        "réemploi et économie circulaire",
        # The only ressourcerie known around, however far; the nearest of the theme; who is beside it.
        "ressourcerie-air-peronne adf-02 ateliers-de-taux",
        "apei-des-2-vallees-coyolles le-relais-nord-est-idf-ploisy",
        types="ressourcerie",
        told="Zone blanche : aucun acteur connu de ce métier",
    ),
    Case(
        "80620",
        "Péronne (80)",
        "transport solidaire pour les personnes âgées",
        "mobilité, bien vieillir",
        "association-saint-jean ressourcerie-air-peronne esat-dallaines",
        "",
    ),
    Case(
        "02722",
        "Soissons (02)",
        "maraîchage en circuit court",
        "agriculture, alimentation",
        "tereos realiss ateliers-de-taux",
        "blanchisserie-centrale axo-meca le-relais-nord-est-idf-crouy le-relais-nord-est-idf-ploisy",
        by_link=True,
        told="S’approvisionne dans un rayon de 35 km",
    ),
    Case("80410", "Ham (80)", "une épicerie sociale", "alimentation", "centre-social-de-ham", "adf-02", by_link=True),
    Case(
        "02307",
        "La Ferté-Milon (02)",
        "un festival de musique",
        "culture",
        "cite-internationale-de-la-langue-francaise apei-des-2-vallees-villers-cotterets",
        "apei-des-2-vallees-coyolles ateliers-de-taux",
        by_link=True,
        actorless=True,
    ),
    Case(
        "02795",
        "Vic-sur-Aisne (02)",
        "un garage solidaire",
        "mobilité",
        "axo-meca realiss anne-morgan apei-des-2-vallees-villers-cotterets",
        "le-relais-nord-est-idf-ploisy blanchisserie-centrale le-relais-nord-est-idf-crouy",
        actorless=True,
    ),
    Case(
        "80677",
        "Roisel (80)",
        "un atelier pour des travailleurs handicapés",
        "handicap",
        "esat-dallaines association-saint-jean",
        "ressourcerie-air-peronne adf-02",
        by_link=True,
        actorless=True,
    ),
    Case(
        "80021",
        "Amiens (80)",
        "recyclerie",
        "réemploi et économie circulaire",
        # The only ressourcerie known around, then those of the theme that are nearer.
        "ressourcerie-air-peronne bouquinerie-du-sart-amiens robines-des-bennes les-astelles",
        "",
        types="ressourcerie",
        told="Hors des PETR suivis",
    ),
    Case(
        "80186",
        "Chaulnes (80)",
        "epicerie itinérente",
        "alimentation, services de proximité",
        "association-saint-jean esat-dallaines",
        "ressourcerie-air-peronne",
        told="« epicerie » (alimentation, services de proximité)",
    ),
]
OFFLINE = Case(
    "02722",
    "Soissons (02)",
    "une cantine bio",
    "alimentation, agriculture",
    "tereos realiss ateliers-de-taux",
    "blanchisserie-centrale axo-meca le-relais-nord-est-idf-crouy le-relais-nord-est-idf-ploisy",
)
CODES = {
    "réemploi et économie circulaire": "reemploi",
    "mobilité": "mobilite",
    "bien vieillir": "bien_vieillir",
    "services de proximité": "services_proximite",
}
"""Words of a theme -> its code, where they differ."""


@pytest.fixture(scope="module")
def labels() -> dict[str, tuple[float, float]]:
    """Code of each commune -> its inhabited point, in metres."""
    rows = parquet.read_table(DATA / "geo" / "communes.parquet", columns=["code_insee", "label_lon", "label_lat"])
    return {row["code_insee"]: TO_METRES.transform(row["label_lon"], row["label_lat"]) for row in rows.to_pylist()}


@pytest.fixture(scope="module")
def actors(labels: dict[str, tuple[float, float]]) -> dict[str, dict]:
    """The actors that have a point: that of their row, else that of their commune."""
    found = {}
    with (DATA / "actors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["precision"] not in ("adresse", "rue", "commune") or row["lieu_confiance"] == "douteux":
                continue
            if row["longitude"]:
                row["xy"] = TO_METRES.transform(float(row["longitude"]), float(row["latitude"]))
            elif row["code_insee"] in labels:
                row["xy"] = labels[row["code_insee"]]
            else:
                continue
            row["all"] = {code for key in ("themes", "types") for code in row[key].split("|")}
            found[row["id"]] = row
    return found


def ask(visit: Visitor, app: str, case: Case) -> None:
    if case.by_link:
        visit.open(f"{app}/partenaires?{urllib.parse.urlencode({'t': f'commune:{case.commune}', 'p': case.words})}")
    else:
        visit.open(f"{app}/partenaires")
        choose(visit, case)


def choose(visit: Visitor, case: Case) -> None:
    """Choose the commune and type the project, as a person does."""
    box = visit.page.get_by_role("combobox", name="Commune")
    box.fill(case.name.partition(" (")[0])
    visit.page.get_by_role("option", name=case.name, exact=True).click()
    phrase = visit.page.locator("#reponse .ess-phrase")
    expect(phrase).to_contain_text(f"Depuis {case.name.partition(' (')[0]},")
    field = visit.page.get_by_label("Votre projet, en quelques mots")
    field.fill(case.words)
    field.press("Enter")


def listed(visit: Visitor, role: str) -> dict[str, tuple[str, str]]:
    """Return the actors of a role that have a distance: kilometres as printed, and the line."""
    found = {}
    for line in visit.page.locator(f"#role-{role} li.ess-resultat").all():
        text = line.inner_text().replace("\u202f", " ").replace("\xa0", " ")
        km = re.search(r"(\d+,\d) km à vol d’oiseau", text)
        if km:
            href = urllib.parse.unquote(line.locator("a").first.get_attribute("href") or "")
            found[href.rpartition("sel=acteur:")[2]] = (km[1], text)
    return found


def check(visit: Visitor, case: Case, labels: dict[str, tuple[float, float]], actors: dict[str, dict]) -> None:
    phrase = visit.page.locator("#reponse .ess-phrase")
    expect(phrase).to_contain_text(f"Depuis {case.name.partition(' (')[0]}, {case.themes} :")
    if case.told:
        expect(visit.page.locator("[data-testid=stMainBlockContainer]")).to_contain_text(case.told)
    operators, insertion = listed(visit, "operateurs"), listed(visit, "insertion")
    assert list(operators) == case.operators.split()
    assert list(insertion) == case.insertion.split()

    metres = {key: float(np.hypot(*np.subtract(row["xy"], labels[case.commune]))) for key, row in actors.items()}
    for key, (printed, _) in (operators | insertion).items():
        assert printed == f"{metres[key] / 1000:.1f}".replace(".", ","), key
    for (commune, key), hand in BY_HAND.items():
        if commune == case.commune:
            assert key in operators | insertion
            assert metres[key] == pytest.approx(hand, abs=2)

    meant = {CODES.get(theme, theme) for theme in case.themes.split(", ")} | {case.types} - {""}
    alive = {key for key, row in actors.items() if row["statut"] != "passe"}
    trade = {key for key in alive if meant & actors[key]["all"] and is_of_a_trade(actors[key])}
    near = {key for key in alive if metres[key] <= RADIUS_M}
    # Nobody within the radius: the nearest beyond; and the nearest of the very type, wherever it is.
    same = trade & near or {min(trade, key=metres.__getitem__)}
    typed = {key for key in trade if case.types and case.types in actors[key]["all"]}
    same |= {min(typed, key=metres.__getitem__)} if typed and not typed & near else set()
    assert same == {key for key, (_, line) in operators.items() if re.search("même (type|thème)", line)}
    employers = {key for key in near if INSERTION & actors[key]["all"]}
    assert employers == {key for key in operators | insertion if INSERTION & actors[key]["all"]} & near
    if case.actorless:
        assert case.commune not in {row["code_insee"] for row in actors.values()}


def is_of_a_trade(row: dict) -> bool:
    """Whether an actor does something itself; one that is only cited as a partner is read as one that does."""
    roles = row["roles"].split("|")
    return "operateur" in roles or roles == ["partenaire"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.commune} {case.words}")
def test_a_question_gets_the_answer_that_was_worked_out_by_hand(
    visit: Visitor, app: str, case: Case, labels: dict[str, tuple[float, float]], actors: dict[str, dict]
):
    ask(visit, app, case)
    check(visit, case, labels, actors)


def test_offline_the_address_is_refused_in_words_and_the_commune_answers(
    visit: Visitor, labels: dict[str, tuple[float, float]], actors: dict[str, dict]
):
    # The discard port of this machine: nothing answers, nothing leaves.
    with serving(ESSCARTO_GEOCODER_URL="http://127.0.0.1:9") as app:
        visit.open(f"{app}/partenaires")
        visit.page.get_by_text("Partir d’une adresse").click()
        visit.page.get_by_label("Numéro, rue et commune").fill("2 rue de la Paix, Soissons")
        visit.page.get_by_role("button", name="Chercher cette adresse").click()
        refusal = visit.page.locator(".ess-refus").filter(has_text="injoignable")
        expect(refusal).to_contain_text("Sans géocodeur, choisissez la commune")
        choose(visit, OFFLINE)
        check(visit, OFFLINE, labels, actors)
