"""The page Partenaires, run by Streamlit's own harness: the question, its address, the answer, what fails."""

import re

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, raw, text_of

from esscarto import settings
from esscarto.ui import partners_question


def key(name: str) -> str:
    return f"partenaires_{name}"


def address_of(app: AppTest) -> dict[str, str]:
    """Each key of the address as the harness holds it: a list of one text."""
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def test_words_of_a_link_become_themes_that_can_be_changed():
    app = open_page("partenaires", t="commune:02810", p="ouvrir une resourcerie")
    assert app.multiselect(key=key("th")).value == ["reemploi"]
    assert app.multiselect(key=key("ty")).value == ["ressourcerie"]
    assert "Compris : « resourcerie » (réemploi et économie circulaire, ressourcerie)" in text_of(app)
    assert "Zone blanche : aucun acteur connu de ce métier à 20 km ou moins" in text_of(app)
    app.multiselect(key=key("th")).set_value(["culture"]).run()
    assert app.multiselect(key=key("th")).value == ["culture"]
    assert address_of(app)["th"] == "culture"
    app.text_input(key=key("p")).set_value("une épicerie").run()
    assert "alimentation" in app.multiselect(key=key("th")).value


def test_themes_of_a_link_go_before_its_words():
    app = open_page("partenaires", t="commune:02810", p="ouvrir une ressourcerie", th="mobilite")
    assert app.multiselect(key=key("th")).value == ["mobilite"]


def test_the_address_says_what_is_chosen():
    app = open_page("partenaires", t="commune:80620", th="mobilite", par="nombre", n="4", ch="financer,inspirer")
    assert address_of(app) == {
        "t": "commune:80620",
        "th": "mobilite",
        "par": "nombre",
        "n": "4",
        "ch": "financer,inspirer",
    }
    assert "les 4 plus proches de chaque rôle" in text_of(app)
    assert "Structures d’insertion" not in text_of(app)


@pytest.mark.parametrize(
    "query",
    [
        {"t": "galaxie:1", "th": "<script>", "ty": "x", "ch": "?", "par": "y", "d": "9999", "n": "²", "e": "-1"},
        {"pt": "999,999", "ad": "<img src=x onerror=alert(1)>"},
        {"pt": "2.9", "vue": "zzz"},
        {"t": "region:32", "p": "x" * 5000},
        {"pt": "-40,20"},
    ],
)
def test_a_broken_link_is_never_an_error(query: dict[str, str]):
    said = raw(open_page("partenaires", **query))
    assert "Trouver des partenaires" in said
    assert "<script>alert" not in said
    assert "<img src=x" not in said


def test_a_hostile_address_is_shown_as_it_is_written():
    said = raw(open_page("partenaires", pt="2.93,49.93", ad="<img src=x onerror=alert(1)>"))
    assert "<img src=x" not in said
    assert "&lt;img src=x" in said


def test_a_point_outside_is_answered_and_said():
    said = text_of(open_page("partenaires", pt="4.8357,45.764", ad="Lyon", th="reemploi"))
    assert "hors des territoires connus" in said
    assert "326,4 km à vol d’oiseau, environ 424 km par la route" in said


def test_offline_the_address_is_refused_in_words_and_the_commune_still_answers(monkeypatch: pytest.MonkeyPatch):
    # The discard port of this machine: nothing answers, nothing leaves.
    monkeypatch.setenv("ESSCARTO_GEOCODER_URL", "http://127.0.0.1:9")
    app = open_page("partenaires", t="commune:02722", th="agriculture")
    app.text_input(key=key("saisie")).set_value("2 rue de la Paix, Soissons")
    next(button for button in app.button if button.label == "Chercher cette adresse").click()
    app.run()
    assert not app.exception
    said = text_of(app)
    assert "est injoignable" in said
    assert "Sans géocodeur, choisissez la commune" in said
    assert "Tereos" in said
    assert "rayon de 35 km" in said


def test_the_other_way_round_says_who_is_alone_and_whom_to_introduce():
    said = text_of(open_page("partenaires", vue="rencontres", t="commune:80620", d="40"))
    assert "4 acteurs de l’ESS à 40 km ou moins de Péronne , dont 1 sans voisin" in said
    assert "ADF02" in said
    assert "Ressourcerie AIR" in said
    assert "Réponse" not in said


def test_a_link_to_another_commune_keeps_the_rest_of_the_question():
    chosen = {**partners_question.DEFAULTS, "t": "commune:02722", "th": ["culture"], "pt": "3.3,49.4", "ad": "Ici"}
    assert partners_question.address(chosen, t="commune:02810", pt="", ad="") == "?th=culture&t=commune%3A02810"


def test_one_click_keeps_the_first_of_each_role_with_the_question_its_reasons_and_its_distances():
    app = open_page("partenaires", t="commune:02810", p="ouvrir une ressourcerie")
    app.button(key="panier_plusieurs").click().run()
    assert not app.exception, app.exception
    assert app.button(key="panier_plusieurs").disabled
    app.switch_page(str(settings.PAGES / "panier.py"))
    app.run()
    assert not app.exception, app.exception
    assert app.text_input(key="panier_q").value == "Ouvrir une ressourcerie, à Villers-Cotterêts"
    assert address_of(app)["o"] == "02810~reemploi~ressourcerie~20"
    assert len(address_of(app)["p"].split(",")) == 10
    said = text_of(app)
    assert "Pourquoi : même thème : réemploi et économie circulaire" in said
    assert "75,9 km à vol d’oiseau de Villers-Cotterêts" in said
    # Whom to call first, with an address; nobody who has nothing of the project.
    kept = address_of(app)["p"]
    assert "acteur:petr-soissonnais-valois" in kept
    # The intercommunalité stands beside the PETR, and the only actor of the very type comes first.
    assert "acteur:cc-retz-en-valois" in kept
    assert kept.startswith("acteur:ressourcerie-air-peronne")
    assert "centre-social-de-ham" not in kept
    assert "coyolles" not in kept


def test_of_who_accompanies_one_is_of_the_project_and_one_is_for_any():
    app = open_page("partenaires", t="commune:80410", p="une épicerie itinérante")
    checked(app.button(key="panier_plusieurs").click().run())
    app.switch_page(str(settings.PAGES / "panier.py"))
    kept = address_of(checked(app.run()))["p"].split(",")
    assert {"acteur:eurasante", "acteur:initiative-somme", "acteur:cc-est-de-la-somme"} <= set(kept)


def test_outside_the_followed_petr_the_limit_of_the_directory_is_said_and_no_departement_is_missing():
    app = open_page("partenaires", t="commune:60175", th="reemploi")
    assert "Hors des PETR suivis : l’annuaire n’y connaît que les acteurs cités" in text_of(app)
    assert not [label for label in app.selectbox(key=key("t")).options if "(nan)" in label]
    assert "Hors des PETR suivis" not in text_of(open_page("partenaires", t="commune:02810", th="reemploi"))


def test_the_nearest_never_say_that_nobody_is_known():
    said = text_of(open_page("partenaires", t="commune:02810", p="ouvrir une ressourcerie", par="nombre", n="3"))
    assert "Aucun acteur connu" not in said
    assert "au-delà" not in said
    assert "Voir les 1 suivants" not in said


def ask(app: AppTest, commune: str, words: str) -> AppTest:
    app.selectbox(key=key("t")).set_value(f"commune:{commune}")
    app.text_input(key=key("p")).set_value(words)
    return checked(app.run())


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_second_project_is_kept_apart_with_its_own_reasons_and_distances():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    checked(app.button(key="panier_plusieurs").click().run())
    assert re.search(r"\d éléments dans votre panier · Ouvrir le panier", text_of(app))
    ask(app, "80410", "une épicerie itinérante")
    assert "Garder les premiers de chaque rôle" not in labels(app)
    assert "d’une autre question : « Une ressourcerie, à Villers-Cotterêts »" in text_of(app)
    both = next(button for button in app.button if button.label == "Garder les deux")
    checked(both.click().run())
    checked(app.button(key="panier_plusieurs").click().run())
    app.switch_page(str(settings.PAGES / "panier.py"))
    checked(app.run())
    assert app.text_input(key="panier_q").value == "Une ressourcerie, à Villers-Cotterêts"
    assert app.text_input(key="panier_q1").value == "Une épicerie itinérante, à Ham"
    assert address_of(app)["o2"] == "80410~alimentation.services_proximite~~20"
    said = text_of(app)
    assert "1,3 km à vol d’oiseau de Ham" in said
    assert "75,9 km à vol d’oiseau de Villers-Cotterêts" in said
    # The Centre social is of the second project alone, ADF02 of none.
    assert "de Villers-Cotterêts" not in said[said.index("Centre social de Ham") :]
    assert "ADF02" not in said


def test_a_new_basket_puts_the_former_one_aside():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    checked(app.button(key="panier_plusieurs").click().run())
    ask(app, "80410", "une épicerie")
    fresh = next(button for button in app.button if button.label == "Commencer un nouveau panier pour ce projet")
    checked(fresh.click().run())
    checked(app.button(key="panier_plusieurs").click().run())
    app.switch_page(str(settings.PAGES / "panier.py"))
    checked(app.run())
    assert app.text_input(key="panier_q").value == "Une épicerie, à Ham"
    assert "p2" not in address_of(app)
    back = next(button for button in app.button if button.label.startswith("Reprendre mon panier"))
    checked(back.click().run())
    assert app.text_input(key="panier_q").value == "Une ressourcerie, à Villers-Cotterêts"


def test_looking_farther_is_the_same_project():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    checked(app.button(key="panier_plusieurs").click().run())
    app.slider(key=key("d")).set_value(60)
    checked(app.run())
    assert "Garder les deux" not in labels(app)


def gesture(app: AppTest, said: str) -> AppTest:
    """Do what ``liens.js`` does for a button of our own HTML."""
    app.query_params["geste"] = said
    checked(app.run())
    assert "geste" not in address_of(app)
    return app


def test_the_button_of_a_result_keeps_it_and_takes_it_out_again():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    before = address_of(app)
    assert 'value="garder:acteur:adf-02"' in raw(app)
    gesture(app, "garder:acteur:adf-02")
    assert address_of(app) == before
    assert "1 élément dans votre panier" in text_of(app)
    assert 'value="retirer:acteur:adf-02"' in raw(app)
    # Done again, by an impatient finger or a link, it stays kept.
    gesture(app, "garder:acteur:adf-02")
    assert "1 élément dans votre panier" in text_of(app)
    gesture(app, "garder:pratique:nobody")
    assert "1 élément dans votre panier" in text_of(app)
    gesture(app, "retirer:acteur:adf-02")
    assert "dans votre panier" not in text_of(app)


def test_what_is_kept_for_another_question_is_not_mixed_by_the_button_of_a_result():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    gesture(app, "garder:acteur:adf-02")
    ask(app, "80410", "une épicerie")
    assert 'value="garder:' not in raw(app)
    gesture(app, "garder:acteur:centre-social-de-ham")
    assert "Votre panier tient 1 élément d’une autre question" in text_of(app)


def test_the_next_results_of_a_role_are_sent_when_they_are_asked_for():
    app = open_page("partenaires", t="commune:02722", d="60")
    shown = raw(app).count('class="ess-resultat"')
    (folded,) = re.findall(r'value="ouvrir:operateurs" aria-expanded="false">Voir les (\d+) suivants', raw(app))
    gesture(app, "ouvrir:operateurs")
    assert raw(app).count('class="ess-resultat"') == shown + int(folded)
    assert 'value="replier:operateurs" aria-expanded="true"' in raw(app)
    gesture(app, "replier:operateurs")
    assert raw(app).count('class="ess-resultat"') == shown


def test_what_does_not_depend_on_the_radius_never_says_to_reduce_it():
    app = open_page("partenaires", t="commune:02810", p="une ressourcerie")
    said = text_of(app)
    funds = said[said.index("Fonds, appels et dispositifs") :]
    assert "ne sont pas montrés : gardez moins de thèmes" in funds
    assert "réduisez le rayon" not in funds
    assert "Déjà cité plus haut : Les Ateliers de Taux (n° 3)" in said
    # Thousands stay on one line.
    assert "300\N{NARROW NO-BREAK SPACE}000 repas" in raw(app)
