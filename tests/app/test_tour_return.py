"""« Au retour », on the page ESS Tour: notes typed, imported, taken away, turned into a proposal of correction."""

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, plain, text_of
from tests.app.test_ess_tour import LINK, data, editor

from esscarto.documents.tour_return_files import exchange
from esscarto.feedback import Feedback, keep, of_tour
from esscarto.proposals import pending
from esscarto.saved_tours import delete, save
from esscarto.storage.store import FileStore
from esscarto.tours import Tour

__all__ = ["data"]

NAME = "Novembre"
ACTORS = ["ateliers-de-taux", "anne-morgan", "apei-des-2-vallees-coyolles"]
NOTED = Feedback(NAME, "anne-morgan", "Anne Morgan", "2026-11-26", 12, "Un mot.", "- Corriger le site")


@pytest.fixture
def store(data, monkeypatch):
    editor(monkeypatch)
    store = FileStore(data)
    save(store, Tour(NAME).with_actors(ACTORS), role="referent")
    return store


def note(store: FileStore, one: Feedback) -> None:
    keep(store, one, Feedback(*one.key), role="referent")


def opened(actor: str = "anne-morgan") -> AppTest:
    app = open_page("ess_tour", tour=LINK, nom=NAME)
    return checked(app.selectbox(key="ess_tour_retour_visite").select(actor).run())


def field(fields, ending: str):
    (found,) = [one for one in fields if one.key.startswith("retour_") and one.key.endswith(ending)]
    return found


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if plain(one.label) == label).click()
    return app.run()


def bring(app: AppTest, content: bytes, name: str = "retour.csv") -> AppTest:
    return app.file_uploader[0].upload(name, content, "text/csv").run()


def test_a_visitor_sees_nothing_of_what_is_noted(data):
    save(FileStore(data), Tour(NAME).with_actors(ACTORS), role="referent")
    note(FileStore(data), NOTED)
    app = open_page("ess_tour", tour=LINK, nom=NAME)
    assert "Au retour" not in text_of(app)
    assert "Un mot." not in text_of(app)


@pytest.mark.usefixtures("data")
def test_a_tour_that_is_not_saved_is_told_how_to_be_noted(monkeypatch):
    editor(monkeypatch)
    app = open_page("ess_tour", tour=LINK, nom=NAME)
    assert "Enregistrez ce tour sous un nom" in text_of(app)
    assert [one for one in app.text_area if one.label == "Notes"] == []


def test_what_is_typed_is_kept_and_listed_with_its_totals(store):
    app = opened()
    field(app.number_input, "presents").set_value(12)
    field(app.text_area, "notes").set_value("Un mot.")
    field(app.text_area, "suites").set_value("- Corriger le site")
    checked(press(app, "Enregistrer cette visite"))
    assert "Enregistré : Anne Morgan." in text_of(app)
    assert "Noté : 1 sur 3 étapes, 12 présences, 1 suite à donner." in text_of(app)
    assert of_tour(store, NAME) == {"anne-morgan": NOTED}
    assert field(app.text_area, "notes").value == "Un mot."


def test_somebody_s_address_is_refused_with_the_name_of_the_stop_and_the_text_stays_in_the_form(store):
    app = opened()
    field(app.text_area, "notes").set_value("Écrire à p.dupont@exemple.fr")
    press(app, "Enregistrer cette visite")
    assert "adresse électronique nominative (Anne Morgan)" in text_of(app)
    assert field(app.text_area, "notes").value == "Écrire à p.dupont@exemple.fr"
    assert of_tour(store, NAME) == {}


def test_two_people_who_note_the_same_visit_keep_the_words_of_both(store):
    app = opened()
    note(store, dataclasses.replace(NOTED, present=None))
    field(app.text_area, "notes").set_value("Le mien.")
    checked(press(app, "Enregistrer cette visite"))
    assert "Quelqu’un d’autre l’a noté entre-temps" in text_of(app)
    assert of_tour(store, NAME)["anne-morgan"].notes == "Un mot.\nLe mien."
    assert of_tour(store, NAME)["anne-morgan"].follow_ups == NOTED.follow_ups


def choose(app: AppTest, actor: str) -> AppTest:
    return checked(app.selectbox(key="ess_tour_retour_visite").select(actor).run())


def test_what_is_typed_waits_while_another_visit_is_seen_and_goes_once_saved(store):
    app = opened()
    field(app.number_input, "presents").set_value(7)
    field(app.text_area, "notes").set_value("Pas encore dit.")
    # Streamlit sends the last field and the next gesture together when they follow closely.
    app = choose(app, "ateliers-de-taux")
    assert field(app.text_area, "notes").value == ""
    assert "Pas encore enregistré : Anne Morgan." in text_of(app)
    app = choose(app, "anne-morgan")
    assert field(app.text_area, "notes").value == "Pas encore dit."
    checked(press(app, "Enregistrer cette visite"))
    assert (of_tour(store, NAME)["anne-morgan"].present, of_tour(store, NAME)["anne-morgan"].notes) == (
        7,
        "Pas encore dit.",
    )
    assert "Pas encore enregistré" not in text_of(app)


def test_what_is_imported_fills_the_fields_and_keeps_the_words_that_are_not_saved(store):
    app = opened()
    field(app.text_area, "suites").set_value("Le mien")
    checked(press(checked(bring(app, exchange([NOTED]))), "Ajouter à 1 étape"))
    assert field(app.number_input, "presents").value == 12
    assert field(app.text_area, "notes").value == "Un mot."
    assert field(app.text_area, "suites").value == "- Corriger le site\nLe mien"
    checked(press(app, "Enregistrer cette visite"))
    assert "Quelqu’un d’autre" not in text_of(app)
    assert of_tour(store, NAME)["anne-morgan"].follow_ups == "- Corriger le site\nLe mien"


@pytest.mark.usefixtures("store")
def test_the_visit_that_was_noted_stays_chosen():
    app = opened()
    labels = app.selectbox(key="ess_tour_retour_visite").options
    field(app.text_area, "suites").set_value("Corriger le site")
    checked(press(app, "Enregistrer cette visite"))
    # The browser sends back the words of the choice: they say the same before and after.
    assert app.selectbox(key="ess_tour_retour_visite").options == labels
    checked(app.checkbox(key="ess_tour_retour_proposer_anne-morgan").check().run())
    assert app.selectbox(key="ess_tour_retour_visite").value == "anne-morgan"


def test_a_file_is_shown_then_written_and_adds_nothing_the_second_time(store):
    note(store, dataclasses.replace(NOTED, present=40, notes="Avant."))
    content = exchange([dataclasses.replace(NOTED, tour="Terrain"), dataclasses.replace(NOTED, actor="inconnu")])
    app = checked(bring(opened(), content))
    said = text_of(app)
    assert "1 refus" in said
    assert "aucun acteur ne porte l’identifiant « inconnu »" in said
    assert app.selectbox(key="ess_tour_retour_import_tour_0_Terrain").value == NAME
    # A label is Markdown: nothing that a file names is in one.
    assert "Terrain" not in " ".join(one.label for one in (*app.selectbox, *app.radio, *app.button))
    (number,) = app.radio
    assert (number.options, number.value) == (["40 (déjà noté)", "12 (importé)"], 12)
    assert of_tour(store, NAME)["anne-morgan"].notes == "Avant."
    checked(press(checked(number.set_value(40).run()), "Ajouter à 1 étape"))
    assert "Notes ajoutées à 1 étape." in text_of(app)
    kept = of_tour(store, NAME)["anne-morgan"]
    assert (kept.present, kept.notes, kept.follow_ups) == (40, "Avant.\nUn mot.", NOTED.follow_ups)
    checked(bring(app, exchange([dataclasses.replace(kept, tour="Terrain")])))
    assert "Tout est déjà noté" in text_of(app)
    checked(press(app, "Fermer"))
    assert of_tour(store, NAME)["anne-morgan"] == kept


@pytest.mark.usefixtures("store")
def test_another_file_is_refused_in_words_and_another_can_be_chosen():
    app = bring(opened(), b"nom;ville\nA;B\n")
    assert not app.exception
    assert "il faut une colonne « acteur »" in text_of(app).lower()
    checked(bring(app, exchange([NOTED])))
    assert "Ajouter à 1 étape" in [plain(one.label) for one in app.button]


def test_deleting_a_tour_says_what_stays_and_another_takes_it_back(store):
    note(store, NOTED)
    save(store, Tour("Mars").with_actors(ACTORS), role="referent")
    app = open_page("ess_tour", tour=LINK, nom="Mars")
    app.selectbox(key="ess_tour_enregistre").select(NAME).run()
    checked(app.button(key="ess_tour_effacer").click().run())
    assert "Ses notes (1 étape) restent sous ce nom" in text_of(app)
    checked(press(app, "Les reprendre ici"))
    checked(press(app, "Ajouter à 1 étape"))
    assert of_tour(store, "Mars")["anne-morgan"].notes == "Un mot."
    assert of_tour(store, NAME) == {"anne-morgan": NOTED}


def test_a_follow_up_becomes_a_proposal_that_says_where_it_comes_from(store):
    note(store, NOTED)
    app = opened()
    checked(app.checkbox(key="ess_tour_retour_proposer_anne-morgan").check().run())
    assert "Une correction pour Anne Morgan" in text_of(app)
    assert "Corriger le site" in text_of(app)
    (origin,) = [one for one in app.text_area if one.key.endswith("_origin")]
    assert origin.value == "ESS Tour Novembre, 26 novembre 2026, visite"
    (site_web,) = [one for one in app.text_input if one.key.endswith("_site_web")]
    site_web.set_value("https://exemple.fr")
    checked(press(app, "Envoyer la proposition"))
    (proposal,) = pending(store)
    assert proposal.actor == "anne-morgan"
    assert proposal.cells == {"site_web": "https://exemple.fr"}
    assert proposal.origin == "ESS Tour Novembre, 26 novembre 2026, visite"
    assert "Votre proposition porte le numéro 1" in text_of(app)


def test_a_date_is_shown_as_it_is_said_and_sent_back_untouched_changes_nothing(store):
    note(store, dataclasses.replace(NOTED, actor="ateliers-de-taux", name="Les Ateliers de Taux"))
    app = opened("ateliers-de-taux")
    checked(app.checkbox(key="ess_tour_retour_proposer_ateliers-de-taux").check().run())
    (since,) = [one for one in app.text_input if one.key.endswith("_statut_date")]
    assert since.value == "décembre 2020"
    press(app, "Envoyer la proposition")
    assert "Vous n’avez rien changé" in text_of(app)
    assert pending(store) == []


def test_a_tour_that_has_no_longer_a_stop_still_shows_what_was_noted_there(store):
    note(store, dataclasses.replace(NOTED, actor="a-table-citoyens", name="A Table Citoyens"))
    assert "A Table Citoyens (hors du tour)" in text_of(opened())
    delete(store, NAME, role="referent")
    assert "A Table Citoyens (hors du tour)" not in text_of(open_page("ess_tour", tour=LINK, nom=NAME))
