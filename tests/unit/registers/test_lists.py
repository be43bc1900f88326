import pytest
from register_places import SOISSONS

from esscarto.errors import DataError
from esscarto.registers.data_inclusion import read_data_inclusion
from esscarto.registers.ess_france import read_ess_france
from esscarto.registers.siae import read_siae

DAY = "2026-10-01"
ESS_TITLES = (
    "SIREN,Nom ou raison sociale de l'entreprise,Famille juridique de l'entreprise,Code postal,"
    "Libellé de la commune de l'établissement,Code du département de l'établissement,"
    "Département de l'établissement,Région de l'établissement"
)


# ---- the national list of the ESS


@pytest.fixture
def ess(write, territories, communes):
    def read(*lines, encoding="utf-8", mark=","):
        text = "\n".join([ESS_TITLES, *lines, ""]).replace(",", mark)
        return read_ess_france(write("ess.csv", text, encoding), territories, communes, DAY)

    return read


def test_a_line_of_the_list_becomes_a_row(ess, check_rows):
    rows = check_rows(ess("12345678,ESSAI DE L'AISNE,Associations,02200,SOISSONS,02,AISNE,HAUTS-DE-FRANCE"))
    row = rows.loc["012345678-02722"]
    assert (row["nom"], row["famille"], row["statut_ess"]) == ("ESSAI DE L'AISNE", "association", "statut")
    assert (row["siren"], row["siret"], row["code_insee"], row["commune"]) == ("012345678", "", SOISSONS, "Soissons")
    assert (row["source"], row["statut_date"], row["adresse"], row["longitude"]) == ("901:2", DAY, "", "")


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")])
def test_the_list_is_read_however_a_spreadsheet_saved_it(ess, encoding, mark):
    reading = ess("123456789,ÉPICERIE,Coopératives,2200,SOISSONS CEDEX,2,AISNE,X", encoding=encoding, mark=mark)
    assert reading.rows[["nom", "famille", "code_insee"]].to_numpy().tolist() == [["ÉPICERIE", "cooperative", SOISSONS]]


def test_every_family_that_is_printed_is_known(ess):
    words = ("Associations", "Coopératives", "Mutuelles", "Fondations", "Sociétés commerciales de l'ESS", "Autre")
    reading = ess(*(f"12345678{n},A,{word},02200,SOISSONS,02,A,H" for n, word in enumerate(words)))
    families = ["association", "cooperative", "mutuelle", "fondation", "societe_commerciale_ess", ""]
    assert reading.rows["famille"].tolist() == families


def test_a_commune_is_found_by_its_name_and_postal_code_or_not_at_all(ess):
    reading = ess(
        "100000001,A,Associations,02200,SOISSONS,02,A,H",
        "100000002,A,Associations,02200,NULLE PART,02,A,H",
        "100000003,A,Associations,80200,SOISSONS,80,S,H",
        "100000004,A,Associations,75001,PARIS 01,75,P,I",
        "100000005,A,Associations,02210,ST REMY BLANZY,02,A,H",
        "100000006,A,Associations,02210,ARMENTIERES S OURCQ,02,A,H",
        "x,A,Associations,02200,SOISSONS,02,A,H",
    )
    assert reading.rows["code_insee"].tolist() == [SOISSONS, "02693"]
    assert dict(reading.left_out) == {
        "lignes du même code postal dont la commune n’est pas reconnue": 1,
        "lignes sans numéro SIREN ou sans nom": 1,
    }


def test_another_file_is_refused_with_the_columns_that_it_has(write, territories, communes):
    path = write("autre.csv", "a;b\n1;2\n")
    with pytest.raises(DataError, match=r"il manque « SIREN », .*Colonnes trouvées : « a » et « b »"):
        read_ess_france(path, territories, communes)


# ---- data·inclusion


def structure(**cells):
    return {
        "source": "essai",
        "id": "1",
        "nom": "Ressourcerie d’essai",
        "date_maj": "2026-09-03",
        "siret": "12345678900011",
        "commune": "Soissons",
        "code_postal": "02200",
        "code_insee": SOISSONS,
        "adresse": "3 rue des Essais",
        "longitude": 3.3,
        "latitude": 49.4,
        "telephone": "03 23 00 00 00",
        "courriel": "contact@exemple.fr",
        "site_web": "https://exemple.fr",
        "description": "Une phrase du producteur.",
        "reseaux_porteurs": ["ressourceries", "siae"],
        **cells,
    }


@pytest.fixture
def inclusion(write, territories, communes):
    def read(*structures, **options):
        path = write("structures.json", list(structures))
        return read_data_inclusion(path, territories, communes, DAY, **options)

    return read


def test_a_structure_becomes_a_row_without_the_words_of_its_producer(inclusion, check_rows):
    row = check_rows(inclusion(structure())).loc["essai:1"]
    assert row[["statut_ess", "types", "siret", "adresse", "telephone", "courriel", "site_web"]].tolist() == [
        "qualification",
        "ressourcerie|siae",
        "12345678900011",
        "3 rue des Essais",
        "03 23 00 00 00",
        "contact@exemple.fr",
        "https://exemple.fr",
    ]
    assert (row["statut_date"], row["source"], row["description"], row["longitude"]) == ("2026-09-03", "902:1", "", "")


def test_what_may_be_a_person_s_is_left_out_and_counted(inclusion):
    reading = inclusion(structure(courriel="camille80@exemple.fr", telephone="0600000000"))
    assert reading.rows[["courriel", "telephone"]].to_numpy().tolist() == [["", ""]]
    assert dict(reading.left_out) == {
        "courriels qui peuvent être ceux d’une personne": 1,
        "téléphones mobiles ou illisibles": 1,
    }


def test_only_the_structures_of_the_networks_of_the_ess_are_kept(inclusion):
    others = [structure(id="2", reseaux_porteurs=["france-service"]), structure(id="3", reseaux_porteurs=None)]
    reading = inclusion(structure(), *others)
    assert reading.rows["cle"].tolist() == ["essai:1"]
    assert reading.left_out["structures d’un autre réseau"] == 2
    assert len(inclusion(*others, networks=["france-service"]).rows) == 1


@pytest.mark.parametrize("cell", ['["ressourceries", "siae"]', "{ressourceries,siae}", "ressourceries|siae"])
def test_the_list_of_networks_is_read_however_the_file_writes_it(write, territories, communes, cell):
    quoted = cell.replace('"', '""')
    text = f'id;nom;commune;code_postal;reseaux_porteurs\n1;A;Soissons;02200;"{quoted}"\n'
    rows = read_data_inclusion(write("s.csv", text), territories, communes).rows
    assert rows["types"].tolist() == ["ressourcerie|siae"]


def test_the_former_schema_and_its_typology_are_read(write, territories, communes):
    text = "id;nom;commune;code_postal;typologie\n1;A;Soissons;02200;ACI\n2;B;Soissons;02200;CCAS\n"
    rows = read_data_inclusion(write("v0.csv", text), territories, communes).rows
    assert rows["types"].tolist() == ["aci|siae"]


def test_a_date_that_is_none_is_that_of_the_file(inclusion, check_rows):
    assert check_rows(inclusion(structure(date_maj="hier")))["statut_date"].tolist() == [DAY]


# ---- the integration enterprises


@pytest.fixture
def siae(write, territories, communes):
    def read(content, name="siae.csv"):
        return read_siae(write(name, content), territories, communes, DAY)

    return read


def test_the_export_of_the_asp_is_read_without_its_correspondents(siae, check_rows):
    reading = siae(
        "structure_siret_actualise;structure_denomination;structure_adresse_mail_corresp_technique;structure_code_naf;"
        "structure_adresse_gestion_numero;structure_adresse_gestion_type_voie;structure_adresse_gestion_nom_voie;"
        "structure_adresse_gestion_cp;structure_adresse_gestion_commune;structure_adresse_gestion_telephone\n"
        "12345678900011;ESSAI;camille80@exemple.fr;8899B;3;RUE;DES ESSAIS;2200;SOISSONS;0600000000\n"
    )
    row = check_rows(reading).loc["12345678900011"]
    assert row[["nom", "types", "statut_ess", "adresse", "code_insee", "naf"]].tolist() == [
        "ESSAI",
        "siae",
        "qualification",
        "3 RUE DES ESSAIS",
        SOISSONS,
        "88.99B",
    ]
    assert "exemple" not in reading.rows.to_csv()
    assert "060000" not in reading.rows.to_csv()


def test_the_list_of_the_inclusion_platform_is_read(siae, check_rows):
    fields = {
        "siret": "12345678900011",
        "name": "ASSOC ESSAI",
        "brand": "L’essai",
        "kind": "ACI",
        "naf": "8130Z",
        "address": "3 rue des Essais",
        "post_code": "02200",
        "city": "Soissons",
        "email": "camille80@exemple.fr",
        "phone": "0600000000",
        "website": "https://exemple.fr",
    }
    second = {**fields, "kind": "EI"}
    records = [{"model": "siaes.siae", "pk": n, "fields": each} for n, each in enumerate((fields, second))]
    row = check_rows(siae(records, "siaes.json")).loc["12345678900011"]
    assert row[["nom", "aliases", "types", "site_web", "courriel", "telephone"]].tolist() == [
        "ASSOC ESSAI",
        "L’essai",
        "aci|siae|ei",
        "https://exemple.fr",
        "",
        "",
    ]


def test_an_adapted_enterprise_is_no_integration_enterprise(siae):
    rows = siae("SIRET;Raison sociale;Type;CP;Ville\n12345678900011;A;EA;02200;Soissons\n").rows
    assert rows["types"].tolist() == ["ea"]


def test_a_line_without_its_number_is_left_out_and_counted(siae):
    reading = siae("SIRET;Raison sociale;Type;CP;Ville\n1,23457E+13;A;EI;02200;Soissons\n")
    assert reading.rows.empty
    assert reading.left_out == {"lignes sans numéro SIRET ou sans nom": 1}
