"""The parts of the page Données where people write, run by Streamlit's own harness on a copy of the real data."""

import csv
import html
import re
import shutil
import urllib.parse
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from tests.app.harness import checked, open_page, raw

from esscarto import settings
from esscarto.editing import Addition, Correction
from esscarto.journal import history, record, restore
from esscarto.proposals import Submission, pending, submit
from esscarto.ratelimit import RateLimiter
from esscarto.storage.store import FileStore

ACTOR = "activcites"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    st.cache_resource.clear()
    folder = tmp_path / "data"
    shutil.copytree(settings.SITE / "data", folder)
    monkeypatch.setenv("ESSCARTO_DATA", str(folder))
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    return folder


def opened(part: str, actor: str = "") -> AppTest:
    return open_page("donnees", partie=part, **({"acteur": actor} if actor else {}))


def labelled(widgets, label: str):
    (found,) = [widget for widget in widgets if widget.label.startswith(label)]
    return found


def press(app: AppTest, label: str) -> AppTest:
    labelled(app.button, label).click()
    return checked(app.run())


def row(data: Path, actor: str) -> dict[str, str]:
    with (data / "actors.csv").open(encoding="utf-8", newline="") as file:
        (found,) = [row for row in csv.DictReader(file) if row["id"] == actor]
    return found


def test_a_link_opens_the_form_on_its_actor_with_every_value_of_its_row(data: Path):
    app = opened("modifier", ACTOR)
    known = row(data, ACTOR)
    for label, column in (("Nom", "nom"), ("SIRET", "siret"), ("Adresse", "adresse"), ("Source (obl", "source")):
        assert labelled(app.text_input, label).value == known[column]
    assert labelled(app.selectbox, "Commune").value == known["code_insee"]
    assert labelled(app.multiselect, "Types").value == known["types"].split("|")


def test_the_address_follows_the_actor_chosen(data: Path):
    app = opened("modifier")
    assert "acteur" not in app.query_params
    labelled(app.selectbox, "Fiche").set_value("tereos")
    checked(app.run())
    assert app.query_params["acteur"] == "tereos"
    assert labelled(app.text_input, "Nom").value == row(data, "tereos")["nom"]


def test_saving_without_any_change_writes_nothing_and_says_so(data: Path):
    before = (data / "actors.csv").read_bytes()
    app = press(opened("modifier", ACTOR), "Enregistrer")
    assert "Rien ne change dans cette fiche" in raw(app)
    assert (data / "actors.csv").read_bytes() == before
    assert not (data / "journal.csv").exists()


def test_a_new_commune_brings_its_code_and_forgets_the_point_of_the_former(data: Path):
    app = opened("modifier", ACTOR)
    labelled(app.selectbox, "Commune").set_value("02722")
    press(app, "Enregistrer")
    now = row(data, ACTOR)
    assert (now["commune"], now["code_insee"], now["precision"]) == ("Soissons", "02722", "commune")
    assert {now[column] for column in ("longitude", "latitude", "lieu_source", "lieu_date", "lieu_confiance")} == {""}


def test_a_commune_that_no_layer_holds_stays_as_it_is(data: Path):
    assert row(data, "13-avenir")["code_insee"] == "75056"
    app = opened("modifier", "13-avenir")
    labelled(app.text_input, "Site web").set_value("https://exemple.fr")
    press(app, "Enregistrer")
    now = row(data, "13-avenir")
    assert (now["site_web"], now["commune"], now["code_insee"]) == ("https://exemple.fr", "Paris", "75056")


def test_a_row_that_does_not_hold_can_be_opened_and_mended(data: Path):
    text = (data / "actors.csv").read_text(encoding="utf-8")
    (data / "actors.csv").write_text(text.replace(",non_imprime,,,,partenaire,", ",inconnu,,,,partenaire,", 1), "utf-8")
    assert row(data, "1001-commerce")["statut_ess"] == "inconnu"
    app = opened("modifier", "1001-commerce")
    assert labelled(app.selectbox, "Rapport à l’ESS").value == "inconnu"
    labelled(app.selectbox, "Rapport à l’ESS").set_value("non_imprime")
    press(app, "Enregistrer")
    assert row(data, "1001-commerce")["statut_ess"] == "non_imprime"


def test_the_part_forgets_an_old_opening_when_it_is_left(data: Path):
    app = opened("modifier", ACTOR)
    labelled(app.segmented_control, "Partie").set_value("historique")
    checked(app.run())
    store = FileStore(data)
    change = Correction(ACTOR, {}, {"telephone": "03 00 00 00 00"})
    record(store, [change], role="referent")
    labelled(app.segmented_control, "Partie").set_value("modifier")
    checked(app.run())
    assert labelled(app.text_input, "Téléphone").value == "03 00 00 00 00"


def test_the_history_says_what_another_program_has_overwritten(data: Path):
    store = FileStore(data)
    record(store, [Correction(ACTOR, {}, {"telephone": "03 00 00 00 00"})], role="referent", reason="appel")
    text = (data / "actors.csv").read_text(encoding="utf-8")
    (data / "actors.csv").write_text(text.replace("03 00 00 00 00", "03 99 99 99 99"), "utf-8")
    app = opened("historique")
    assert "n’est plus dans l’annuaire" in raw(app)
    # To undo it would write over what the other program has left: not offered, and the value is said.
    assert not [button for button in app.button if button.label.startswith("Annuler")]
    assert "hors de l’application" in raw(app)
    assert "03 99 99 99 99" in raw(app)
    assert [change.number for change in history(store)] == [1]


def test_the_history_is_paged_and_narrowed_to_an_actor(data: Path):
    store = FileStore(data)
    for number in range(9):
        record(store, [Correction(ACTOR, {}, {"note": f"essai {number}"})], role="referent")
    record(store, [Correction("tereos", {}, {"note": "essai"})], role="referent")
    app = opened("historique")
    assert raw(app).count("ess-changement") == 8
    app = opened("historique", "tereos")
    assert raw(app).count("ess-changement") == 1


def added(name: str, code_insee: str = "") -> Addition:
    return Addition(
        {
            **{"id": name, "organisation": name, "nom": name.upper(), "statut_ess": "non_imprime", "statut": "actif"},
            **{"code_insee": code_insee, "commune": "Soissons" if code_insee else "", "roles": "operateur"},
            **{"precision": "commune" if code_insee else "aucune", "source": "saisie:2026-11-22"},
        }
    )


def test_an_import_is_one_entry_of_the_history_undone_in_one_go(data: Path):
    store = FileStore(data)
    before = (data / "actors.csv").read_bytes()
    reason = "import de «\u00a0liste.csv\u00a0», «\u00a0Une liste\u00a0»"
    record(store, [added(f"nouveau-{rank}") for rank in range(12)], role="local", reason=reason)
    app = opened("historique")
    assert raw(app).count("ess-changement") == 1
    assert "1 à 12. Import de «\u00a0liste.csv\u00a0»\u00a0: 12\u00a0fiches" in raw(app)
    press(app, "Annuler cet import")
    assert "12\u00a0changements en arrière" in raw(app)
    assert "Tout est annulé." in raw(app)
    assert (data / "actors.csv").read_bytes() == before
    press(app, "Annuler ces 12\u00a0changements")
    assert row(data, "nouveau-3")["nom"] == "NOUVEAU-3"


def test_a_gesture_is_not_undone_over_what_was_written_since(data: Path):
    store = FileStore(data)
    record(store, [added("aa"), added("bb")], role="local", reason="import de «\u00a0liste.csv\u00a0»")
    record(store, [Correction("aa", {}, {"note": "vu"})], role="local")
    app = opened("historique")
    assert "Annulez d’abord le changement 3" in raw(app)
    press(app, "Annuler le changement 3")
    press(app, "Annuler cet import")
    assert "aa" not in {line["id"] for line in store.read("actors").rows.to_dict("records")}


def test_what_a_version_took_away_keeps_its_name_and_offers_no_undoing(data: Path):
    store = FileStore(data)
    record(store, [added("aa")], role="local")
    restore(store, 1, role="local")
    app = opened("historique")
    assert "Ajout&nbsp;: AA" in raw(app)
    assert "n’est plus dans l’annuaire\u00a0: rien à annuler" in raw(app)
    assert not [button for button in app.button if button.label.startswith("Annuler")]


def test_each_version_says_what_made_it(data: Path):
    record(FileStore(data), [added("aa"), added("bb")], role="local", reason="relevé")
    app = opened("historique")
    labelled(app.button_group, "Voir").set_value("versions")
    said = raw(checked(app.run()))
    assert "Ajout\u00a0: 2\u00a0fiches" in said
    assert "Contenu d’avant la version suivante" in said


def test_the_editor_sees_how_many_proposals_wait_and_those_already_settled(data: Path):
    store = FileStore(data)
    for number in ("03 00 00 00 00", "03 00 00 00 01"):
        submit(store, Submission({"telephone": number}, "leur site", ACTOR), sender="a", limiter=RateLimiter())
    app = opened("propositions")
    parts = labelled(app.button_group, "Partie")
    assert "Propositions reçues (2)" in [option.content for option in parts.proto.options]
    labelled(app.text_input, "Pourquoi").set_value("hors du territoire")
    press(app, "Refuser")
    # The label of the part has changed: the part stays chosen.
    assert "Proposition 1 refusée" in raw(app)
    assert "hors du territoire" in raw(app)
    assert "Déjà traitées" in raw(app)


def test_a_sheet_just_saved_is_seen_on_the_map_of_its_own_petr(data: Path):
    record(FileStore(data), [added("aa", "02722")], role="local")
    app = opened("modifier", "aa")
    labelled(app.text_input, "Téléphone").set_value("03 00 00 00 00")
    press(app, "Enregistrer")
    assert "carte?t=petr:" in raw(app)
    assert "&amp;sel=acteur:aa" in raw(app)


def test_an_import_that_was_undone_is_not_listed_among_the_sources_as_if_it_gave_nothing(data: Path):
    with (data / "documents.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("100,liste.csv,liste.csv,producteur non imprimé,,,Fichier importé dans l’annuaire.\r\n")
    app = AppTest.from_file(str(settings.MAIN_SCRIPT), default_timeout=60).run()
    app.switch_page(str(settings.PAGES / "sources.py"))
    assert "import défait\u00a0: plus aucune fiche ne le cite" in raw(checked(app.run()))


def test_a_proposal_whose_row_has_changed_is_shown_beside_what_the_visitor_saw(data: Path):
    store = FileStore(data)
    sent = Submission({"telephone": "03 00 00 00 00"}, "leur site", ACTOR)
    submit(store, sent, sender="a", limiter=RateLimiter())
    record(store, [Correction(ACTOR, {}, {"telephone": "03 11 11 11 11"})], role="referent")
    app = opened("propositions")
    said = raw(app)
    assert "La fiche a changé depuis que le visiteur l’a vue" in said
    assert "03 11 11 11 11" in said
    press(app, "Accepter")
    assert row(data, ACTOR)["telephone"] == "03 00 00 00 00"
    assert pending(store) == []


def test_the_moderator_may_keep_one_value_out_of_a_proposal(data: Path):
    store = FileStore(data)
    sent = Submission({"telephone": "03 00 00 00 00", "site_web": "https://exemple.fr"}, "leur site", ACTOR)
    submit(store, sent, sender="a", limiter=RateLimiter())
    was = row(data, ACTOR)["site_web"]
    app = opened("propositions")
    labelled(app.text_input, "Site web").set_value(was)
    press(app, "Accepter")
    now = row(data, ACTOR)
    assert (now["telephone"], now["site_web"]) == ("03 00 00 00 00", was)


def test_a_namesake_proposed_by_a_visitor_is_told_before_it_is_accepted_twice(data: Path):
    store = FileStore(data)
    name = row(data, ACTOR)["nom"]
    submit(store, Submission({"nom": name}, "leur site"), sender="a", limiter=RateLimiter())
    app = opened("propositions")
    labelled(app.selectbox, "Rapport à l’ESS").set_value("non_imprime")
    labelled(app.multiselect, "Rôles").set_value(["operateur"])
    labelled(app.selectbox, "État").set_value("a_verifier")
    press(app, "Accepter")
    assert f"l’annuaire a déjà\u00a0: {name}" in raw(app)
    assert len(pending(store)) == 1
    press(app, "Accepter")
    assert pending(store) == []
    assert row(data, "activ-cites")["source"] == "proposition:1"


def test_the_form_to_propose_opens_on_the_commune_that_the_link_names(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    (link,) = re.findall(r'href="donnees\?([^"]+)"', raw(open_page("territoires", t="commune:80144")))
    query = dict(urllib.parse.parse_qsl(html.unescape(link)))
    app = open_page("donnees", **query)
    assert labelled(app.selectbox, "Commune").value == "80144"
    labelled(app.text_input, "Nom").set_value("Le Fournil")
    labelled(app.text_area, "Source de l’information").set_value("leur site")
    press(app, "Envoyer la proposition")
    (sent,) = pending(FileStore(data))
    assert (sent.cells["nom"], sent.cells["code_insee"], sent.cells["commune"]) == ("Le Fournil", "80144", "Brouchy")
    assert labelled(open_page("donnees", partie="proposer", commune="<b>").selectbox, "Commune").value == ""


def test_a_visitor_who_types_nothing_new_sends_nothing(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    app = opened("proposer", ACTOR)
    labelled(app.text_area, "Source de l’information").set_value("leur site")
    press(app, "Envoyer la proposition")
    assert "Vous n’avez rien changé" in raw(app)
    assert not (data / "proposals.csv").exists()


@pytest.mark.usefixtures("data")
def test_a_visitor_is_stopped_when_attempts_become_a_flood(monkeypatch: pytest.MonkeyPatch):
    limiter = RateLimiter(1)
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    monkeypatch.setattr("esscarto.ui.cache.limiter", lambda: limiter)
    app = opened("proposer")
    labelled(app.text_input, "Nom").set_value("Zeste")
    press(app, "Envoyer la proposition")
    assert "à corriger" in raw(app)
    labelled(app.text_area, "Source de l’information").set_value("leur site")
    press(app, "Envoyer la proposition")
    assert "Vous avez déjà envoyé plusieurs propositions" in raw(app)
    # What was typed waits with the visitor.
    assert labelled(app.text_input, "Nom").value == "Zeste"


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("part", ["modifier", "propositions", "historique"])
def test_a_visitor_is_never_offered_what_editors_do(monkeypatch: pytest.MonkeyPatch, part: str):
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    app = opened(part, ACTOR)
    assert part not in labelled(app.segmented_control, "Partie").options
    assert not [button.label for button in app.button if button.label in ("Enregistrer", "Accepter", "Retirer")]
