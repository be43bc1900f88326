from dataclasses import replace

import pytest
from register_places import PERONNE, PLOISY, SOISSONNAIS, SOISSONS
from tests.servers.faults import FAULTS, nobody, running
from tests.servers.recherche_entreprises import RechercheEntreprises, company, establishment

from esscarto.errors import DataError
from esscarto.registers import sirene
from esscarto.registers.sirene import Perimeter, perimeter, read_sirene, search_service
from esscarto.storage.http import Limits
from esscarto.storage.service_fault import Fault, ServiceError

GRAND_SOISSONS = "240200477"
DAY = "2026-11-22"
LIMITS = Limits(deadline_s=10, max_bytes=2**20, attempts=2, per_second=1000, backoff_s=0.01)
HERE = Perimeter("epci", (GRAND_SOISSONS,), frozenset({SOISSONS, PLOISY}))


@pytest.fixture
def server():
    with running(RechercheEntreprises(communes_of={GRAND_SOISSONS: [SOISSONS, PLOISY]})) as service:
        yield service


@pytest.fixture
def read(server, territories):
    """Read the register of the server."""

    def go(*companies, place=HERE, progress=None, day=DAY, limits=LIMITS):
        server.register = list(companies) or server.register
        with search_service(server.url, limits) as service:
            return read_sirene(service, territories, place, day, progress)

    return go


# ---- what is asked


def test_a_petr_is_asked_by_its_epci(territories, communes):
    place = perimeter(territories, petr=SOISSONNAIS)
    assert place.parameter == "epci"
    assert sorted(place.codes) == ["200071991", "240200477", "240200501", "240200519"]
    assert place.communes == communes


def test_epci_and_communes_can_be_asked_for(territories):
    assert SOISSONS in perimeter(territories, epci=[GRAND_SOISSONS]).communes
    assert perimeter(territories, communes=[SOISSONS]) == Perimeter("code_commune", (SOISSONS,), frozenset({SOISSONS}))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"petr": SOISSONNAIS, "communes": [SOISSONS]},
        {"petr": "ailleurs"},
        {"epci": ["000000000"]},
        {"communes": ["99999"]},
    ],
)
def test_a_place_that_is_not_clear_or_not_known_is_refused(territories, wrong):
    with pytest.raises(DataError):
        perimeter(territories, **wrong)


def test_neither_the_people_nor_the_accounts_are_asked_for(server, read):
    read(company("123456789", "ESSAI", establishment("12345678900011", SOISSONS)))
    assert sorted(server.asked[0].parameters) == [
        "epci",
        "est_ess",
        "etat_administratif",
        "include",
        "limite_matching_etablissements",
        "minimal",
        "page",
        "per_page",
    ]
    for asked in server.asked:
        assert asked.parameters["minimal"] == ["true"]
        assert asked.parameters["include"] == ["siege,complements,matching_etablissements"]
        assert asked.parameters["per_page"] == ["25"]
    assert [set(asked.parameters) & {"est_ess", "est_siae"} for asked in server.asked] == [{"est_ess"}, {"est_siae"}]


def test_no_word_of_a_director_reaches_the_rows(server, read):
    def with_directors(answer):
        for each in answer["results"]:
            each["dirigeants"] = [{"nom": "EXEMPLE", "prenoms": "CAMILLE"}]
        return answer

    server.spoil = with_directors
    rows = read(company("123456789", "ESSAI", establishment("12345678900011", SOISSONS))).rows
    assert len(rows) == 1
    assert "EXEMPLE" not in rows.to_csv()
    assert "CAMILLE" not in rows.to_csv()


def test_every_page_is_read(server, read):
    companies = [company(f"{n:09}", f"ESSAI {n}", establishment(f"{n:09}00011", SOISSONS)) for n in range(1, 61)]
    steps = []
    assert len(read(*companies, progress=lambda *step: steps.append(step)).rows) == 60
    assert [asked.parameters["page"] for asked in server.asked] == [["1"], ["2"], ["3"], ["1"]]
    assert steps[:3] == [(25, 60), (50, 60), (60, 60)]


def test_too_many_results_for_one_question_are_shared_out(server, read):
    server.communes_of = {"111111111": [SOISSONS], "222222222": [PLOISY]}
    server.totals = {"111111111": 6_000, "222222222": 6_000}
    both = Perimeter("epci", ("111111111", "222222222"), HERE.communes)
    one = company("123456789", "A", establishment("12345678900011", SOISSONS))
    two = company("223456789", "B", establishment("22345678900011", PLOISY))
    server.totals["111111111,222222222"] = 0
    server.spoil = lambda answer: {**answer, "total_results": 10_000} if len(answer["results"]) == 2 else answer
    assert len(read(one, two, place=both).rows) == 2
    asked = [each.parameters["epci"][0] for each in server.asked if "est_ess" in each.parameters]
    assert asked == ["111111111,222222222", "111111111", "222222222"]


def test_one_place_with_more_results_than_are_shown_is_refused(server, read):
    server.totals = {GRAND_SOISSONS: 10_000}
    with pytest.raises(DataError, match="plus de 10000 entreprises"):
        read(company("123456789", "A", establishment("12345678900011", SOISSONS)))


def test_the_rate_that_is_asked_for_is_kept():
    assert sirene.LIMITS.per_second <= 7


# ---- what is read


def test_an_association_becomes_a_row_of_the_directory(read, check_rows):
    place = establishment(
        "12345678900011",
        SOISSONS,
        adresse="CHEZ MME EXEMPLE 3 RUE DES ESSAIS 02200 SOISSONS",
        liste_enseignes=["L'ESSAI"],
        nom_commercial="ESSAI",
    )
    row = check_rows(read(company("123456789", "ASSOCIATION ESSAI", place, sigle="AE"))).loc["12345678900011"]
    assert row[row != ""].to_dict() == {
        "nom": "ASSOCIATION ESSAI",
        "aliases": "ESSAI|L'ESSAI|AE",
        "statut_ess": "statut",
        "famille": "association",
        "roles": "operateur",
        "tranche_effectif": "11",
        "effectif_imprime": "10 à 19 salariés (2023)",
        "territoire_imprime": "commune:02722",
        "precision": "commune",
        "adresse": "3 RUE DES ESSAIS",
        "code_postal": "02200",
        "commune": "Soissons",
        "code_insee": "02722",
        "lieu_source": "Répertoire Sirene, par l’API Recherche d’entreprises (Insee, DINUM)",
        "lieu_date": DAY,
        "lieu_confiance": "probable",
        "siret": "12345678900011",
        "statut": "actif",
        "statut_date": DAY,
        "source": "900:12345678900011",
        "source_date": "2026-11",
        "note": "Activité principale\u00a0: 88.99B (NAF rév. 2, action sociale).",
        "siren": "123456789",
        "categorie_juridique": "9220",
        "naf": "88.99B",
        "naf_nomenclature": "NAFRev2",
        "secteur": "action_sociale",
    }


def test_the_street_of_the_seat_is_read_from_its_parts(read):
    place = establishment("12345678900011", SOISSONS, adresse="MME EXEMPLE 02200 SOISSONS")
    siege = {**place, "numero_voie": "3", "indice_repetition": "B", "type_voie": "RUE", "libelle_voie": "DES ESSAIS"}
    assert read(company("123456789", "ESSAI", place, siege=siege)).rows["adresse"].tolist() == ["3 B RUE DES ESSAIS"]


def test_an_integration_enterprise_that_is_a_company(read, check_rows):
    labels = {"est_ess": False, "est_siae": True, "type_siae": "EI, ACI"}
    one = company("123456789", "A", establishment("12345678900011", SOISSONS), nature_juridique="5499")
    one["complements"] |= labels
    two = company("223456789", "B", establishment("22345678900011", SOISSONS), nature_juridique="5710")
    scop = company("323456789", "C", establishment("32345678900011", SOISSONS), nature_juridique="5458")
    rows = check_rows(read(one, two, scop))
    assert rows[["statut_ess", "famille", "types"]].to_numpy().tolist() == [
        ["statut", "societe_commerciale_ess", ""],
        ["statut", "cooperative", "scop"],
        ["qualification", "", "ei|siae|aci"],
    ]


def test_each_establishment_of_the_territory_is_a_row_and_the_others_are_not(read):
    reading = read(
        company(
            "123456789",
            "ESSAI",
            establishment("12345678900011", SOISSONS),
            establishment("12345678900029", PLOISY),
            establishment("12345678900037", SOISSONS, etat_administratif="F"),
            establishment("12345678900045", SOISSONS, statut_diffusion_etablissement="P"),
        )
    )
    assert reading.rows["siret"].tolist() == ["12345678900011", "12345678900029"]
    assert dict(reading.left_out) == {
        "établissements fermés": 1,
        "établissements que le répertoire ne diffuse pas": 1,
    }


def test_an_establishment_that_was_not_asked_for_is_left_out(server, read):
    def with_another(answer):
        for each in answer["results"]:
            each["matching_etablissements"].append(establishment("12345678900099", PERONNE))
        return answer

    server.spoil = with_another
    reading = read(company("123456789", "ESSAI", establishment("12345678900011", SOISSONS)))
    assert reading.rows["siret"].tolist() == ["12345678900011"]
    assert reading.left_out == {"établissements hors du territoire": 1}


def test_what_bears_the_name_of_a_person_or_is_hidden_is_left_out_and_counted(read):
    person = company("123456789", "CAMILLE EXEMPLE", establishment("12345678900011", SOISSONS), nature_juridique="1000")
    trader = company("223456789", "CAMILLE EXEMPLE", establishment("22345678900011", SOISSONS), nature_juridique="5499")
    trader["complements"]["est_entrepreneur_individuel"] = True
    hidden = company("323456789", "[ND]", establishment("32345678900011", SOISSONS), statut_diffusion="P")
    reading = read(person, trader, hidden)
    assert reading.rows.empty
    assert sum(reading.left_out.values()) == 3
    assert "2 entreprises individuelles" in str(reading)


def test_a_company_of_both_filters_is_one(read):
    both = company("123456789", "A", establishment("12345678900011", SOISSONS))
    both["complements"] |= {"est_siae": True, "type_siae": "ACI"}
    rows = read(both).rows
    assert rows[["statut_ess", "types"]].to_numpy().tolist() == [["statut", "aci|siae"]]


def test_a_former_commune_is_the_one_of_today(read, territories):
    former = next(code for code, today in territories.former.items() if today == PERONNE)
    place = Perimeter("code_commune", (PERONNE, former), frozenset({PERONNE}))
    reading = read(company("123456789", "A", establishment("12345678900011", former)), place=place)
    assert reading.rows["code_insee"].tolist() == [PERONNE]


def test_the_activities_say_of_which_nomenclature_they_are(read):
    new = establishment("12345678900011", SOISSONS)
    new.pop("activite_principale_naf25")
    before, after = read(company("123456789", "A", new)), read(day="2027-01-05")
    assert before.rows[["naf_nomenclature", "secteur"]].to_numpy().tolist() == [["NAFRev2", "action_sociale"]]
    assert after.rows[["naf_nomenclature", "secteur"]].to_numpy().tolist() == [["NAF25", ""]]
    assert after.rows["note"].tolist() == ["Activité principale\u00a0: 88.99B (NAF 2025)."]


# ---- the faults


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_no_row_at_all(server, territories, fault):
    server.register = [company("123456789", "A", establishment("12345678900011", SOISSONS))]
    server.fault, server.retry_after = fault, "60"
    deadline_s = 0.5 if fault in ("slow", "drip") else 10
    limits = replace(LIMITS, deadline_s=deadline_s, per_second=970 + FAULTS.index(fault))
    url = nobody() if fault == "down" else server.url
    with search_service(url, limits) as service, pytest.raises(ServiceError) as caught:
        read_sirene(service, territories, HERE, DAY)
    assert str(caught.value).startswith("L’API Recherche d’entreprises ")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"results": None, "total_results": 0, "total_pages": 0},
        {"results": [], "total_results": "1", "total_pages": 1},
        {"results": [], "total_results": 1, "total_pages": 10**9},
        {"results": [None], "total_results": 1, "total_pages": 1},
        {"results": [{"siren": "12"}], "total_results": 1, "total_pages": 1},
        {"results": [{"siren": "123456789", "matching_etablissements": [1]}], "total_results": 1, "total_pages": 1},
    ],
)
def test_an_answer_without_its_form_is_not_taken_for_an_empty_register(server, read, answer):
    server.spoil = lambda _: answer
    with pytest.raises(ServiceError) as caught:
        read(company("123456789", "A", establishment("12345678900011", SOISSONS)))
    assert caught.value.fault == Fault.GARBAGE


def test_the_address_of_the_service_can_be_set(monkeypatch, server, territories):
    monkeypatch.setenv("ESSCARTO_SIRENE_URL", server.url)
    with search_service(limits=LIMITS) as service:
        assert read_sirene(service, territories, HERE, DAY).rows.empty
    assert len(server.asked) == 2
