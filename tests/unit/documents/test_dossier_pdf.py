"""The dossier as a PDF, read back: the question, the results by role, the map, the steps, the sources."""

import datetime
import io
import re

import pypdf
import pytest

from esscarto import dossier
from esscarto.basket import Basket
from esscarto.documents import dossier_pdf
from esscarto.french import bound
from esscarto.site import Site

DAY = datetime.date(2026, 11, 22)
ITEMS = (
    *("acteur:axo-meca", "acteur:ateliers-de-taux", "acteur:petr-soissonnais-valois"),
    *("pratique:recycl-aide-80", "programme:cote"),
)
BASKET = Basket(ITEMS, {ITEMS[0]: "Demander une visite"}, "Ouvrir une ressourcerie à Villers-Cotterêts")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read(site: Site, basket: Basket, link: str = "") -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(dossier_pdf.export(site, basket, DAY, link)))
    return reader, squeezed("\n".join(page.extract_text() for page in reader.pages))


def test_the_question_each_result_its_step_and_its_sources_are_in_the_dossier(site: Site):
    _, words = read(site, BASKET)
    assert squeezed("Ouvrir une ressourcerie à Villers-Cotterêts") in words
    assert squeezed("Demander une visite") in words
    for entry in dossier.entries(site, BASKET):
        assert squeezed(entry.name) in words
        for document, lines in entry.cites:
            assert squeezed(document) in words
            assert squeezed(lines) in words
    for step in dossier.steps(site, BASKET, dossier.entries(site, BASKET)):
        assert squeezed(bound(step)) in words


def test_the_results_stand_in_their_roles_in_the_order_of_the_dossier(site: Site):
    reader, _ = read(site, BASKET)
    titles = [item["/Title"] for item in reader.outline if not isinstance(item, list)]
    assert titles == [
        *(
            "Dossier de partenaires",
            "Où ils sont",
            "Opérateurs",
            "Collectivités et information",
            "Pratiques faites ailleurs",
        ),
        *("Fonds, appels et dispositifs", "Prochaines étapes", "Sources et réserves"),
    ]


def test_the_map_is_drawn_with_the_numbers_of_the_lists(site: Site):
    reader, words = read(site, BASKET)
    assert [image.name for page in reader.pages for image in page.images] == []
    # An area of the map is a path: a move, lines, a close or a fill.
    assert reader.pages[0].get_contents().get_data().count(b" l\n") > 150
    assert "Sanspointsurlacarte:n°3,4,5." in words


def test_results_on_one_spot_share_one_patch_of_the_map(site: Site):
    together = site.actors.frame.query(
        "code_insee == '02722' and precision == 'commune' and lieu_confiance != 'douteux'"
    )
    assert "1,2,3" in read(site, Basket(tuple(f"acteur:{actor}" for actor in together.index[:3])))[1]


def test_a_basket_without_a_point_says_that_there_is_no_map(site: Site):
    _, words = read(site, Basket(("programme:cote",)))
    assert squeezed("Aucun des résultats n’a de point") in words


def test_the_link_of_the_basket_is_printed_only_when_it_is_known(site: Site):
    assert "Enligne" not in read(site, BASKET)[1]
    assert "https://carte.exemple/panier?p=x" in read(site, BASKET, "https://carte.exemple/panier?p=x")[1]


@pytest.mark.parametrize("most", [1, 30])
def test_a_basket_of_any_size_makes_numbered_pages(site: Site, most: int):
    items = tuple(f"acteur:{actor}" for actor in site.actors.frame.index[:most])
    reader, _ = read(site, Basket(items))
    for number, page in enumerate(reader.pages, start=1):
        assert f"page {number}/{len(reader.pages)}" in page.extract_text()


def test_any_note_is_written_as_it_is_and_breaks_nothing(site: Site, hostile: str):
    reader, words = read(site, BASKET.annotate(ITEMS[1], hostile).ask(hostile))
    assert reader.pages
    if hostile.isascii() and len(hostile) < 60:
        assert squeezed(hostile) in words


def test_links_lead_to_contacts_of_the_sources_alone(site: Site):
    reader, _ = read(site, BASKET)
    links = {
        str(note.get_object()["/A"]["/URI"])
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
    }
    # The second is who carries the programme.
    assert links == {"mailto:contact@soissonnaisvalois.fr", "mailto:ess@hautsdefrance.fr"}


def test_the_reason_and_the_distance_of_the_question_are_printed(site: Site):
    basket = BASKET.ask_from("02810~reemploi~ressourcerie~20")
    _, words = read(site, basket)
    assert squeezed("à vol d’oiseau de Villers-Cotterêts") in words
    for entry in dossier.entries(site, basket):
        for reason in entry.why:
            assert squeezed(reason) in words
