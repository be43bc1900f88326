"""One cell after the other: what is kept of it, and what is said of what is not."""

import datetime
from functools import partial

import pytest

from esscarto.importing.contacts import email_reader, read_phone, read_site, text_fault
from esscarto.importing.dates import date_reader, iso
from esscarto.importing.findings import Finding, Reader
from esscarto.importing.identifiers import is_siret, read_siren, read_siret
from esscarto.importing.lists import list_reader
from esscarto.importing.texts import says_nothing, text_reader, ungarble
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS

FIELDS = {field.name: field for field in read_schema(SCHEMAS / "acteurs.schema.json").fields}

# Cut in two, so that no file of the project holds what reaches a person, be it invented.
AT = "@"
NOMINATIVE = f"p.exemple{AT}exemple.fr"
MOBILE = "06" + " 00 00 00 00"


def said(read: Reader, cell: str) -> str:
    """Say the one fault of a cell, without its place."""
    (fault,) = read(cell).faults
    return f"{fault.level} : {Finding(2, 'x', 'x', cell, fault).sentence().partition(' : ')[2]}"


# ---- SIRET


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("49483773500013", "49483773500013"),
        ("494 837 735 00013", "49483773500013"),
        ("494\u00a0837\u202f735 00013", "49483773500013"),
        ("494.837.735.00013", "49483773500013"),
        ("49483773500013.0", "49483773500013"),
        ("35600000049837", "35600000049837"),
    ],
)
def test_a_siret_is_kept_without_its_spaces(cell: str, value: str):
    reading = read_siret(cell)
    assert (reading.value, reading.faults) == (value, ())


SIRET = "Attendu : les quatorze chiffres du SIRET."


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            "1,23457E+13",
            f"a_corriger : le tableur a arrondi ce numéro : ses derniers chiffres sont perdus. {SIRET} Reprenez-le "
            "dans le fichier d’origine, dans une colonne au format Texte, ou laissez la case vide.",
        ),
        (
            "5720000800001",
            "a_corriger : ce SIRET n’a que 13 chiffres : un zéro s’est sans doute perdu au début. "
            f"{SIRET} Vouliez-vous dire « 05720000800001 » ?",
        ),
        ("1234567890123", f"a_corriger : ce SIRET a 13 chiffres. {SIRET} Corrigez-le, ou laissez la case vide."),
        ("00000000000000", f"a_corriger : quatorze zéros ne sont pas un SIRET. {SIRET} Laisser cette case vide ?"),
        (
            "494837735",
            f"a_corriger : c’est un SIREN, qui désigne l’organisation et non ce lieu. {SIRET} "
            "Laisser cette case vide ?",
        ),
        (
            "٤٩٤٨٣٧٧٣٥٠٠٠١٣",
            f"a_corriger : ce SIRET ne contient pas que des chiffres. {SIRET} Corrigez-le, ou laissez la case vide.",
        ),
        (
            "49483773500014",
            "a_regarder : la clé de ce SIRET ne tombe pas juste : un chiffre est sans doute faux. "
            "Attendu : un SIRET qui existe. Vérifiez-le sur l’Annuaire des entreprises.",
        ),
    ],
)
def test_a_siret_that_is_none_is_told(cell: str, sentence: str):
    assert said(read_siret, cell) == sentence


def test_a_wrong_key_is_a_warning_and_the_siret_is_kept():
    assert read_siret("49483773500014").value == "49483773500014"
    assert not is_siret("49483773500014")


def test_a_siren_gets_its_zeros_back_when_the_key_confirms_them():
    assert (read_siren("5700000").value, read_siren("494 837 735").value) == ("005700000", "494837735")
    assert said(read_siren, "12").startswith("a_regarder : ce n’est pas un SIREN.")


# ---- e-mail, telephone, site


@pytest.mark.parametrize(
    "cell", ["contact@exemple.fr", "Accueil-Peronne@exemple.fr", "exemple02@exemple.fr", "petr@exemple.fr"]
)
def test_the_address_of_an_organisation_is_kept(cell: str):
    reading = email_reader()(cell)
    assert (reading.value, reading.faults) == (cell, ())


EMAIL = "Attendu : une adresse comme contact@structure.fr."


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            NOMINATIVE,
            "refusee : une adresse nominative ne peut pas être publiée. "
            "Attendu : l’adresse de la structure (contact@, accueil@…). Laisser cette case vide ?",
        ),
        (
            f"Paule Exemple <{NOMINATIVE}>",
            "refusee : une adresse nominative ne peut pas être publiée. "
            "Attendu : l’adresse de la structure (contact@, accueil@…). Laisser cette case vide ?",
        ),
        (
            "untel@exemple.fr",
            "a_regarder : cette adresse pourrait être celle d’une personne. Attendu : l’adresse de la structure. "
            "Vérifiez-la : seule l’adresse de la structure peut être publiée.",
        ),
        (
            f"contact@a.fr / {NOMINATIVE}",
            "a_corriger : il y a plusieurs adresses. Attendu : une seule adresse. Vouliez-vous dire « contact@a.fr » ?",
        ),
        (
            "contact @ exemple.fr",
            f"a_corriger : ce n’est pas une adresse électronique. {EMAIL} Vouliez-vous dire « contact@exemple.fr » ?",
        ),
        (
            "contact.exemple.fr",
            f"a_corriger : ce n’est pas une adresse électronique. {EMAIL} Corrigez-la, ou laissez la case vide.",
        ),
    ],
)
def test_another_address_is_told(cell: str, sentence: str):
    assert said(email_reader(), cell) == sentence


def test_an_address_that_the_person_confirms_is_an_organisation_s():
    reading = email_reader([NOMINATIVE.upper()])(NOMINATIVE)
    assert (reading.value, reading.faults) == (NOMINATIVE, ())


@pytest.mark.parametrize(
    "cell", ["03 23 00 00 00", "+33 3 23 00 00 00", "0033 (0)3.23.00.00.00", "3949", "0 800 00 00 00"]
)
def test_the_telephone_of_an_organisation_is_kept_as_it_is_written(cell: str):
    reading = read_phone(cell)
    assert (reading.value, reading.faults) == (cell, ())


@pytest.mark.parametrize("cell", [MOBILE, "+33600000000", "0700000000", "600000000", f"03 23 00 00 00 / {MOBILE}"])
def test_a_mobile_is_refused(cell: str):
    assert said(read_phone, cell) == (
        "refusee : un numéro de mobile est souvent celui d’une personne : il ne peut pas être publié. "
        "Attendu : le numéro fixe de la structure. Laisser cette case vide ?"
    )


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("323000000", "le zéro du début s’est perdu. Attendu : dix chiffres. Vouliez-vous dire « 03 23 00 00 00 » ?"),
        (
            "0323000000 ou 0323000001",
            "il y a plusieurs numéros. Attendu : un seul numéro. Vouliez-vous dire « 03 23 00 00 00 » ?",
        ),
        (
            "03 23 0",
            "ce n’est pas un numéro de téléphone. Attendu : dix chiffres. Corrigez-le, ou laissez la case vide.",
        ),
    ],
)
def test_another_number_is_told(cell: str, sentence: str):
    assert said(read_phone, cell) == f"a_corriger : {sentence}"


@pytest.mark.parametrize("cell", ["https://exemple.fr", "http://exemple.fr:8080/a?b=c#d", "https://étang.fr"])
def test_an_address_of_the_web_is_kept(cell: str):
    reading = read_site(cell)
    assert (reading.value, reading.faults) == (cell, ())


SITE = "Attendu : une adresse comme https://structure.fr."


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("www.exemple.fr/a", f"le début de l’adresse manque. {SITE} Vouliez-vous dire « https://www.exemple.fr/a » ?"),
        ("//exemple.fr", f"le début de l’adresse manque. {SITE} Corrigez-la, ou laissez la case vide."),
        (
            "javascript:alert(1)",
            "une adresse en « javascript: » n’est pas admise. Attendu : http ou https. "
            "Corrigez-la, ou laissez la case vide.",
        ),
        (
            "data:text/html,x",
            "une adresse en « data: » n’est pas admise. Attendu : http ou https. Corrigez-la, ou laissez la case vide.",
        ),
        ("http://a@exemple.fr", f"cette adresse cache où elle mène. {SITE} Corrigez-la, ou laissez la case vide."),
        ("https://localhost", f"cette adresse n’a pas de nom de domaine. {SITE} Corrigez-la, ou laissez la case vide."),
        (
            "https://еxemple.fr",
            f"ce nom de domaine imite un autre alphabet. {SITE} Corrigez-la, ou laissez la case vide.",
        ),
        (
            "https://a.fr et https://b.fr",
            f"cette adresse contient une espace. {SITE} Vouliez-vous dire « https://a.fr » ?",
        ),
        ("http://[", f"cette adresse n’est pas lisible. {SITE} Corrigez-la, ou laissez la case vide."),
    ],
)
def test_another_address_of_the_web_is_told(cell: str, sentence: str):
    assert said(read_site, cell) == f"a_corriger : {sentence}"


def test_what_reaches_a_person_is_seen_inside_a_text():
    for text in (f"Écrire à {NOMINATIVE}.", f"Appeler le {MOBILE}"):
        fault = text_fault(text)
        assert fault
        assert fault.level == "refusee"
    assert text_fault("Écrire à contact@exemple.fr ou appeler le 03 23 00 00 00") is None


# ---- dates


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2024", "2024"),
        ("2024-07", "2024-07"),
        ("07/2024", "2024-07"),
        ("2024-07-14", "2024-07-14"),
        ("2024/7/4", "2024-07-04"),
        ("2024-07-14T10:00:00", "2024-07-14"),
        ("14/07/2024", "2024-07-14"),
        ("4-7-2024", "2024-07-04"),
        ("14.07.2024 10:00", "2024-07-14"),
        ("1er mars 2024", "2024-03-01"),
        ("14 Février 2024", "2024-02-14"),
        ("août 2024", "2024-08"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_a_date_is_read_however_it_is_written(cell: str, value: str):
    reading = date_reader()(cell)
    assert (reading.value, reading.faults) == (value, ())


def test_a_date_is_shortened_to_the_month_where_a_month_is_kept():
    assert date_reader(longest=7)("14/07/2024").value == "2024-07"


DATE = "Attendu : une date comme 2025-07-14, 2025-07 ou 2025."


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("14/07/24", f"le siècle manque. {DATE} Vouliez-vous dire « 2024-07-14 » ?"),
        ("07/14/2024", f"le mois et le jour semblent intervertis. {DATE} Vouliez-vous dire « 2024-07-14 » ?"),
        ("45123", f"le tableur a écrit cette date en nombre. {DATE} Vouliez-vous dire « 2023-07-16 » ?"),
        ("30/02/2024", f"ce jour n’existe pas. {DATE} Corrigez-la, ou laissez la case vide."),
        ("2024-13", f"ce mois n’existe pas. {DATE} Corrigez-la, ou laissez la case vide."),
        ("bientôt", f"ce n’est pas une date. {DATE} Corrigez-la, ou laissez la case vide."),
    ],
)
def test_what_is_no_date_is_told(cell: str, sentence: str):
    assert said(date_reader(), cell) == f"a_corriger : {sentence}"


@pytest.mark.parametrize(
    ("typed", "longest", "value"),
    [("octobre 2026", 10, "2026-10"), ("22/11/2026", 10, "2026-11-22"), ("22/11/2026", 7, "2026-11")]
    + [(text, 7, text) for text in ("", "un jour de printemps")],
)
def test_a_date_of_a_form_is_read_as_that_of_a_file(typed: str, longest: int, value: str):
    assert iso(typed, longest) == value


def test_a_date_in_the_future_is_a_warning():
    read = date_reader(partial(datetime.date, 2026, 11, 22))
    assert read("2026-11-22").faults == read("2026").faults == ()
    assert said(read, "2026-11-23") == (
        "a_regarder : cette date est dans le futur. Attendu : une date passée. Vérifiez-la."
    )


# ---- closed lists


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("famille", "association", "association"),
        ("famille", "ASSOCIATIONS", "association"),
        ("famille", "Association loi 1901", "association"),
        ("famille", "Sociétés commerciales de l'ESS", "societe_commerciale_ess"),
        ("types", "Atelier et chantier d'insertion", "aci"),
        ("types", "ACI", "aci"),
        ("types", "ESAT, Ressourceries ; Tiers lieu", "esat|ressourcerie|tiers_lieu"),
        ("types", "esat|esat", "esat"),
        ("themes", "Insertion et emploi\nCulture", "insertion_emploi|culture"),
        ("statut", "En activité", "actif"),
        ("statut", "fermé", "passe"),
        ("tranche_effectif", "11", "11"),
        ("tranche_effectif", "10 à 19 salariés", "11"),
        ("tranche_effectif", "10-19", "11"),
        ("tranche_effectif", "1000 à 1999", "42"),
        ("precision", "À l'adresse", "adresse"),
    ],
)
def test_a_closed_list_is_read_by_its_codes_and_by_its_words(column: str, cell: str, value: str):
    reading = list_reader(FIELDS[column])(cell)
    assert (reading.value, reading.faults) == (value, ())


def test_every_label_of_every_list_is_read_as_its_code():
    from esscarto.vocabulary import BY_COLUMN

    for column, labels in BY_COLUMN.items():
        read = list_reader(FIELDS[column])
        assert {code: read(label).value for code, label in labels.items()} == {code: code for code in labels}


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (
            "famille",
            "Asociation",
            "« Asociation » n’est pas dans la liste. Attendu : « Association », « Coopérative », « Mutuelle », "
            "« Fondation » ou « Société commerciale de l’ESS ». Vouliez-vous dire « Association » ?",
        ),
        (
            "themes",
            "Culture, Alimentaton",
            "« Alimentaton » n’est pas dans la liste. Attendu : l’une des 20 valeurs de la liste : "
            "« Insertion et emploi », « Handicap », « Bien vieillir », « Mobilité », « Alimentation », « Agriculture »"
            "… Vouliez-vous dire « Culture | Alimentation » ?",
        ),
        (
            "statut",
            "peut-être",
            "« peut-être » n’est pas dans la liste. Attendu : « En activité », « En projet », « Terminé » ou "
            "« À vérifier ». Choisissez dans la liste.",
        ),
    ],
)
def test_a_word_out_of_the_list_is_told_with_the_nearest(column: str, cell: str, sentence: str):
    assert said(list_reader(FIELDS[column]), cell) == f"a_corriger : {sentence}"


# ---- texts


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("  L’Étape \u00a0", "L’Étape"),
        ("E\u0301cole", "École"),
        ("\u202egnol", "gnol"),
        ("2 rue A\n02200 Soissons", "2 rue A, 02200 Soissons"),
        ("{{7*7}} <b>", "{{7*7}} <b>"),
    ],
)
def test_a_text_is_composed_and_what_cannot_be_shown_is_dropped(cell: str, value: str):
    assert text_reader(100)(cell).value == value


@pytest.mark.parametrize("text", ["L’Étape", "Cœur d’Aisne", "Œuvre", "à 3 €", "Noël", "Hôpital"])
def test_accents_that_were_garbled_are_proposed_as_they_were(text: str):
    garbled = text.encode().decode("cp1252", errors="replace")
    if "\ufffd" not in garbled:
        assert ungarble(garbled) == text
        assert said(text_reader(100), garbled) == (
            "a_corriger : ces accents ont été abîmés par un mauvais encodage. Attendu : un texte lisible. "
            f"Vouliez-vous dire « {text} » ?"
        )
    assert ungarble(text) == ""


def test_a_lost_character_a_formula_error_and_a_long_text_are_told():
    assert said(text_reader(100), "caf\ufffd") == (
        "a_corriger : un caractère est perdu (�). Attendu : un texte lisible. "
        "Reprenez ce texte dans le fichier d’origine."
    )
    assert said(text_reader(100), "#REF!") == (
        "a_corriger : c’est l’erreur d’une formule du tableur. Attendu : une valeur. "
        "Corrigez la formule, ou écrivez la valeur."
    )
    assert said(text_reader(10), "x" * 11) == (
        "a_corriger : ce texte a 11 caractères. Attendu : 10 caractères au plus. Raccourcissez-le."
    )


@pytest.mark.parametrize("text", ["N/A", "n.c.", "-", "NULL", "néant", "non renseigné", "?", "…"])
def test_words_that_say_nothing_are_known(text: str):
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["Nana", "Nil et Cie", "0", "#N/A", "La Vide-Grenier"])
def test_other_words_say_something(text: str):
    assert not says_nothing(text)
