"""Which column is which: by its title, by what it holds, and as the person says."""

import pytest

from esscarto.errors import DataError
from esscarto.importing.mapping import DEFAULTS, propose, targets
from esscarto.schema import read_schema
from esscarto.settings import SCHEMAS


@pytest.mark.parametrize(
    ("title", "cell", "target"),
    [
        ("Raison sociale", "Zzz", "nom"),
        ("LIBELLÉ", "Zzz", "nom"),
        ("Nom de la structure", "Zzz", "nom"),
        ("C.P.", "02200", "code_postal"),
        ("Code-Postal", "2200", "code_postal"),
        ("Ville", "Soissons", "commune"),
        ("insee_com", "02722", "code_insee"),
        ("Code INSEE", "2722", "code_insee"),
        ("Lat.", "49,38", "latitude"),
        ("Y", "49.38", "latitude"),
        ("LON", "3,32", "longitude"),
        ("N° SIRET", "494 837 735 00013", "siret"),
        ("SIREN", "494837735", "siren"),
        ("Tél.", "03 23 00 00 00", "telephone"),
        ("E-mail", "contact@exemple.fr", "courriel"),
        ("contact_mail", "contact@exemple.fr", "courriel"),
        ("Site Internet", "www.exemple.fr", "site_web"),
        ("Famille juridique de l’entreprise", "Associations", "famille"),
        ("Secteur d’activité", "Culture", "themes"),
        ("Mise à jour", "12/03/2024", "statut_date"),
        ("Observations", "à revoir", "note"),
        ("Adrese", "1 rue A", "adresse"),
    ],
)
def test_a_column_is_known_by_its_title_whatever_its_accents_and_case(make_table, title: str, cell: str, target: str):
    other = "nom" if target != "nom" else "cp"
    mapping = propose(make_table(f"{title};{other}", f"{cell};{'Zzz' if other == 'nom' else '02200'}"))
    assert mapping.columns[target] == title


def test_a_title_is_not_enough_when_the_values_are_of_something_else(make_table):
    mapping = propose(make_table("nom;type;commune_insee;siret", "A;publique;Laon;?", "B;privée;Soissons;oui"))
    assert mapping.columns == {"nom": "nom", "commune": "commune_insee"}
    reasons = {proposal.column: proposal.how for proposal in mapping.proposals}
    assert reasons["type"] == "gardée à part : ses valeurs ne sont pas celles de « Types »"
    assert reasons["siret"] == "gardée à part : ses valeurs ne sont pas celles de « SIRET »"


def test_the_same_title_is_a_code_when_it_holds_codes(make_table):
    assert propose(make_table("nom;commune_insee", "A;02408")).columns["code_insee"] == "commune_insee"


def test_every_unknown_column_is_kept_beside_except_those_that_name_people(make_table):
    mapping = propose(
        make_table("nom;horaires;Nom du président;Portable;id_interne;Prénom référent", "A;9h;X;Y;7;Z", "B;9h;X;Y;8;Z")
    )
    assert mapping.beside == ("horaires", "id_interne")
    assert mapping.left_out == ("Nom du président", "Portable", "Prénom référent")
    how = {proposal.column: proposal.how for proposal in mapping.proposals}
    assert how["Portable"] == "laissée de côté : elle peut désigner des personnes"


def test_an_identifier_that_is_not_ours_is_no_identifier(make_table):
    mapping = propose(make_table("id;source;nom", "345;dora;A"))
    assert mapping.columns == {"nom": "nom"}
    assert mapping.beside == ("id", "source")


def test_an_export_of_the_directory_keeps_every_one_of_its_columns(make_table):
    columns = [field.name for field in read_schema(SCHEMAS / "acteurs.schema.json").fields]
    cells = {"id": "a", "organisation": "a", "nom": "A", "statut_ess": "statut", "source": "000:1"}
    mapping = propose(make_table(";".join(columns), ";".join(cells.get(name, "") for name in columns)))
    assert mapping.columns == {name: name for name in columns}


def test_a_file_without_any_name_is_refused_with_its_columns(make_table):
    with pytest.raises(DataError) as raised:
        propose(make_table("ville;cp", "Soissons;02200"))
    assert str(raised.value) == (
        "aucune colonne ne donne le nom des structures (essai.csv). "
        "Intitulez-la « nom ». Colonnes trouvées : « ville », « cp »."
    )


def test_the_person_can_change_each_line_of_the_proposal(make_table):
    mapping = propose(make_table("nom;activité;horaires;Portable", "A;vélo;9h;Y"))
    assert mapping.columns == {"nom": "nom", "description": "activité"}
    moved = mapping.changed("description", "horaires")
    assert moved.columns == {"nom": "nom", "description": "horaires"}
    assert moved.beside == ("activité",)
    assert [(proposal.column, proposal.target, proposal.how) for proposal in moved.proposals[1:3]] == [
        ("activité", "", "choisi par vous"),
        ("horaires", "description", "choisi par vous"),
    ]
    assert moved.changed("description", None).columns == {"nom": "nom"}
    assert moved.changed("telephone", "Portable").left_out == ()
    assert mapping.with_default("roles", "partenaire").defaults == {**DEFAULTS, "roles": "partenaire"}


def test_what_a_column_can_be_read_for_is_said_in_french():
    titles = targets()
    assert (titles["code_insee"], titles["siren"]) == ("Code Insee", "SIREN de l’organisation")


def test_a_column_that_holds_people_is_left_out_again_once_it_is_read_for_nothing(make_table):
    mapping = propose(make_table("nom;Directrice", "Zorglub;x"))
    assert mapping.left_out == ("Directrice",)
    read = mapping.changed("description", "Directrice")
    assert (read.left_out, read.beside) == ((), ())
    again = read.changed("description", None)
    assert (again.left_out, again.beside) == (("Directrice",), ())
