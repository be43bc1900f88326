"""What project holders say, in the French that they speak, and the themes that it means."""

import pytest

from esscarto.intent import Lexicon, Understanding, understand
from esscarto.settings import SITE
from esscarto.storage.loading import read_synonyms
from esscarto.vocabulary import ROLES, THEMES, TYPES

SAID = {
    "je veux ouvrir une ressourcerie": "reemploi",
    "un garage solidaire pour les gens sans permis": "mobilite",
    "épicerie dans un village": "alimentation services_proximite",
    "crèche associative": "petite_enfance_jeunesse",
    "une recyclerie pour donner une deuxième vie aux meubles": "reemploi",
    "On voudrait monter un tiers-lieu avec du coworking": "lien_social developpement_economique",
    "créer un café associatif pour que les gens se rencontrent": "lien_social",
    "j’aimerais lancer un jardin partagé dans mon quartier": "agriculture lien_social",
    "atelier de réparation de vélos": "mobilite reemploi",
    "un chantier d'insertion en maraîchage": "insertion_emploi agriculture",
    "portage de repas pour les personnes âgées": "alimentation bien_vieillir",
    "aide à domicile pour les aînés": "bien_vieillir services_proximite",
    "habitat partagé pour les seniors": "logement bien_vieillir",
    "transport solidaire pour aller chez le médecin": "mobilite sante",
    "covoiturage entre voisins": "mobilite lien_social",
    "une conserverie avec les légumes invendus": "alimentation industrie",
    "paniers de légumes bio en circuit court": "alimentation agriculture",
    "restaurant d'application pour des travailleurs handicapés": "alimentation education_formation handicap",
    "Une maison de santé dans notre bourg, il n'y a plus de docteur": "sante",
    "RESSOURCERIE TEXTILE": "reemploi",
    "je veux creer une recylerie": "reemploi",
    "une resourcerie": "reemploi",
    "mobilitée des jeunes": "mobilite petite_enfance_jeunesse",
    "atelier numérique pour apprendre internet aux retraités": "numerique education_formation bien_vieillir",
    "reconditionner des ordinateurs": "reemploi numerique",
    "panneaux solaires avec les citoyens": "environnement_energie lien_social",
    "centrale villageoise": "environnement_energie",
    "bibliothèque d’objets, prêter des outils": "reemploi",
    "repair café le samedi": "reemploi",
    "festival de musique dans les villages": "culture",
    "cinéma itinérant": "culture services_proximite",
    "une épicerie itinérante": "alimentation services_proximite",
    "gîte à la ferme": "tourisme agriculture",
    "auberge de jeunesse et randonnée": "tourisme",
    "école de production pour des jeunes décrocheurs": "education_formation petite_enfance_jeunesse",
    "soutien scolaire et aide aux devoirs": "education_formation",
    "micro-crèche": "petite_enfance_jeunesse",
    "ouvrir une MAM": "petite_enfance_jeunesse",
    "garde d’enfants le soir": "petite_enfance_jeunesse",
    "reprendre le dernier commerce du village": "services_proximite",
    "boulangerie coopérative": "alimentation services_proximite",
    "friperie": "reemploi",
    "couture et upcycling": "reemploi",
    "compost collectif": "reemploi",
    "logement pour des réfugiés": "logement lien_social",
    "tiny house, habitat léger": "logement",
    "lutter contre la précarité énergétique": "environnement_energie logement",
    "conciergerie de village": "services_proximite",
    "lancer une monnaie locale": "finance_solidaire",
    "relocaliser la fabrication de jeans": "industrie",
    "une blanchisserie pour les hôpitaux": "industrie sante",
    "laverie solidaire": "services_proximite",
    "supermarché coopératif": "alimentation",
    "colocation intergénérationnelle": "logement bien_vieillir lien_social",
    "territoire zéro chômeur de longue durée": "insertion_emploi",
    "vélos cargo pour livrer les commerces": "mobilite services_proximite developpement_economique",
    "élevage de poules": "agriculture",
    "Théatre et handicap": "culture handicap",
    "insersion": "insertion_emploi",
    "la fracture numérique chez les vieux": "numerique bien_vieillir",
    "une ferme pédagogique": "agriculture education_formation",
    "des lits médicalisés pour rester chez soi": "sante bien_vieillir",
    "violences faites aux femmes": "lien_social",
}
"""What is said -> the themes that it means, all of them and no other."""


def test_sixty_phrasings_are_tried():
    assert len(SAID) >= 60


@pytest.mark.parametrize(("text", "themes"), SAID.items(), ids=SAID)
def test_a_project_said_as_people_speak_gives_its_themes_and_no_other(text: str, themes: str):
    assert sorted(understand(text).themes) == sorted(themes.split())


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("une ressourcerie", {"ressourcerie"}),
        ("nous cherchons un ESAT", {"esat"}),
        ("centre socila", {"centre_social"}),
        ("un chantier d’insertion", {"aci"}),
        ("une coopérative d’activités et d’emploi", {"cae"}),
        ("un ptce sur l’alimentation", {"ptce"}),
        ("territoire zéro chômeur", {"entreprise_but_emploi"}),
    ],
)
def test_a_kind_of_structure_is_understood_too(text: str, types: set[str]):
    assert set(understand(text).types) == types


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("j’ai besoin d’argent pour démarrer", ("financement",)),
        ("qui peut m’accompagner pour créer mon entreprise ?", ("accompagnement",)),
        ("trouver des partenaires", ("partenaire",)),
        ("une ressourcerie", ()),
    ],
)
def test_what_is_sought_is_understood_when_it_is_said(text: str, roles: tuple[str, ...]):
    assert understand(text).roles == roles


@pytest.mark.parametrize("text", ["", "   ", "bonjour", "je ne sais pas encore", "quelque chose de bien", "12 000 €"])
def test_a_text_that_says_nothing_of_a_project_gives_nothing(text: str):
    assert understand(text) == Understanding()


@pytest.mark.parametrize("text", ["xyz qwerty", "asdfghjkl", "libre", "🐝🐝"])
def test_words_that_are_not_known_give_no_theme_and_are_said_unknown(text: str):
    found = understand(text)
    assert found.themes == found.types == found.roles == found.matched == ()
    assert found.unknown == (() if text == "🐝🐝" else tuple(text.split()))


def test_what_was_understood_is_told_in_the_words_of_the_text():
    found = understand("Une Resourcerie, et l’aide à domicile ; un zorglub")
    assert ("Resourcerie", "reemploi") in found.matched
    assert ("aide à domicile", "bien_vieillir") in found.matched
    assert found.unknown == ("zorglub",)


def test_a_verb_is_not_taken_for_a_noun_of_the_same_stem():
    assert "culture" not in understand("livrer des repas").themes
    assert "culture" in understand("un livre").themes


def test_any_text_is_read_without_a_fault(hostile: str):
    found = understand(hostile)
    assert set(found.themes) <= set(THEMES)
    assert set(found.types) <= set(TYPES)


def test_each_word_of_the_table_means_its_own_code():
    codes = {"themes": THEMES, "types": TYPES, "roles": ROLES}
    rows = read_synonyms(SITE / "data").rows.to_dict("records")
    for row in rows:
        assert row["code"] in codes[row["liste"]]
        assert row["code"] in getattr(understand(row["mot"]), row["liste"]), row
    assert {row["code"] for row in rows if row["liste"] == "themes"} == set(THEMES)


def test_an_empty_lexicon_understands_nothing():
    assert Lexicon.of([]).understand("ressourcerie").unknown == ("ressourcerie",)


def test_a_word_for_anything_is_not_the_machine_that_it_looks_like():
    assert understand("ouvrir un machin truc").matched == ()
    assert understand("une machine").themes == ("industrie",)
