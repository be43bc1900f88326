"""The data against the five source documents: that the cited lines print what the tables say, and our own words."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from esscarto.filters import ActorFilter
from esscarto.french import fold
from esscarto.site import Site
from esscarto.territories import Territory
from tests.sources import (
    DATA,
    OUTSIDE,
    PRACTICES,
    TABLES,
    Documents,
    cited_rows,
    documents_folder,
    holds_words,
    lines_of,
    listed,
    numbers,
    parts,
    read_rows,
    strings,
    words,
)

ACTORS = TABLES["actors"]

SUBJECT_OF = {"000": "petr:soissonnais-valois", "001": "petr:coeur-hauts-de-france", "002": "epci:240200477"}
"""What a document is about: it need not print it again on each line."""

PTCE_LINES = range(305, 320)
"""The list of 2023, in document 003."""

GENERIC = {
    *("association", "communaute", "communes", "agglomeration", "quartier", "regie", "region", "ville", "pole"),
    *("economie", "emploi", "entreprise", "social", "sociale", "solidaire", "reseau", "ptce", "projet", "porte"),
    *("france", "hauts", "national", "site"),
}
"""Words of a name that do not tell whose name it is."""

UNNAMED = {
    "emploi-nom-tronque": "the document keeps one generic word of the name",
    "003-departement-de-la-somme-soutient-bouquinerie-du-sart": "printed « le conseil départemental »",
}
"""Rows whose lines do not print the name, as their note says."""

OWN_WORDS = {
    "actors": ["description", "note"],
    "figures": ["libelle", "perimetre", "note"],
    "relations": ["objet", "note"],
    "competences": ["action_libelle"],
    "supports": ["ce_qu_il_apporte", "contact_fonction", "note"],
    "programmes": ["ce_que_c_est", "beneficiaires", "note"],
    "indicators": ["libelle", "definition", "note"],
    "events": ["ce_que_c_est", "note"],
}


@pytest.fixture(scope="session")
def documents() -> Documents:
    folder = documents_folder()
    if folder is None:
        pytest.skip(
            "les cinq documents ne sont pas dans le dépôt : ESSCARTO_SOURCES n’indique pas leur dossier "
            "(the five source documents are not at hand: set ESSCARTO_SOURCES to their folder)"
        )
    return Documents.read(folder)


def names_of(organisation: str) -> list[str]:
    rows = [row for row in ACTORS if row["organisation"] == organisation]
    return [name for row in rows for name in (row["nom"], *listed(row["aliases"]))]


def is_named(names: list[str], text: str) -> bool:
    """Return whether a text holds one of the names, or one word of it that tells whose it is."""
    if any(holds_words(text, name) for name in names):
        return True
    telling = {word for name in names for word in words(name) if len(word) > 3} - GENERIC
    return bool(telling & set(words(text)))


def namings() -> Iterator[tuple[str, list[str], str]]:
    """Yield each row that cites lines about somebody or something: the row, its names, the lines."""
    for row in ACTORS:
        yield row["id"], [row["nom"], *listed(row["aliases"])], row["source"]
    for row in TABLES["relations"]:
        yield row["id"], names_of(row["de"]), row["source"]
        yield row["id"], names_of(row["vers"]), row["source"]
    for row in TABLES["supports"]:
        yield row["organisation"], names_of(row["organisation"]), row["source"]
    for row in TABLES["programmes"]:
        yield row["id"], [row["nom"], *listed(row["aliases"])], row["source"]
    for name, practice in PRACTICES.items():
        for row in [practice, *practice.get("financements", []), *practice.get("partenaires", [])]:
            if row.get("organisation"):
                yield name, [*names_of(row["organisation"]), row.get("nom", "")], row["source"]


# ---- What the cited lines print


def test_every_cited_line_exists_and_no_citation_begins_or_ends_on_a_blank_one(documents: Documents):
    for row, source in cited_rows():
        for document, first, last in parts(source):
            every = documents.lines[document]
            assert last <= len(every), (row, source)
            assert every[first - 1].strip(), (row, source)
            assert every[last - 1].strip(), (row, source)


def test_the_cited_lines_hold_the_name_or_a_word_that_tells_it(documents: Documents):
    unnamed = {row for row, names, source in namings() if not is_named(names, documents.cited(source))}
    assert unnamed == set(UNNAMED)


def test_the_cited_lines_hold_the_value_in_digits_or_in_words(documents: Documents):
    rows = [(row["id"], row) for row in TABLES["figures"]]
    rows += [(name, row) for name, practice in PRACTICES.items() for row in practice.get("impacts", [])]
    values = [(name, row, row[bound]) for name, row in rows for bound in ("valeur", "valeur_max") if row.get(bound)]
    assert len(values) > 200
    printed = [float(value) in numbers(documents.cited(row["source"])) for _, row, value in values]
    assert [(name, value) for (name, _, value), found in zip(values, printed, strict=True) if not found] == []


def test_the_year_of_a_figure_is_printed_beside_it_or_is_the_one_of_its_document(documents: Documents):
    dates = {row["document"]: row["date"][:4] for row in read_rows(DATA / "documents.csv")}
    for row in TABLES["figures"]:
        cited = documents.cited(row["source"])
        for year in re.findall(r"\d{4}", row["annee"]):
            assert year in cited or year == dates[row["source"][:3]], row["id"]


def test_a_printed_territory_is_printed_or_is_what_the_document_is_about(documents: Documents, site: Site):
    for row in ACTORS:
        text = row["territoire_imprime"]
        subjects = {SUBJECT_OF.get(document, "") for document, _, _ in parts(row["source"])}
        if text and text not in subjects:
            territory = Territory.parse(text)
            name = OUTSIDE.get(text) or site.territories.name(territory)
            stems = [word[:5] for word in words(name) if len(word) > 3 and word not in GENERIC] or words(name)
            cited = words(documents.cited(row["source"]))
            assert territory.code in cited or any(w.startswith(s) for w in cited for s in stems), row["id"]


def test_a_legal_family_is_printed_by_the_cited_lines_or_by_the_source_of_the_place(documents: Documents):
    stems = {"association": "associati", "cooperative": "cooperati", "fondation": "fondation"}
    for row in ACTORS:
        if row["famille"] and not row["lieu_source"]:
            cited = words(documents.cited(row["source"]))
            assert any(word.startswith((stems[row["famille"]], "scop")) for word in cited), row["id"]


def test_an_address_or_a_site_is_the_one_of_the_lines_or_of_the_source_of_the_place(documents: Documents):
    for row in (*ACTORS, *TABLES["supports"]):
        if not row.get("lieu_source"):
            cited = documents.cited(row["source"]).lower()
            for column in ("courriel", "telephone"):
                assert row[column] in cited, row
            assert re.sub(r"^https?://(www\.)?|/$", "", row["site_web"]) in cited, row


def test_the_fifteen_ptce_have_the_name_and_the_departement_that_the_list_prints(documents: Documents, site: Site):
    for line in PTCE_LINES:
        printed = re.fullmatch(r"- (.+) \((\d\d)\)", documents.lines["003"][line - 1])
        assert printed
        rows = [row for row in ACTORS if ("003", line) in lines_of(row["source"]) and "ptce" in row["types"]]
        named = [row for row in rows if fold(printed[1]) in map(fold, (row["nom"], *listed(row["aliases"])))]
        assert len(named) == 1, line
        assert site.actors.frame.at[named[0]["id"], "code_departement"] == printed[2]


# ---- Our own words, and nobody's name


def test_no_person_that_a_document_names_is_in_the_data(documents: Documents):
    assert len(documents.persons) > 35
    persons = [set(words(person)) for person in documents.persons]
    cells = [cell for rows in (*TABLES.values(), [*PRACTICES.values()]) for row in rows for cell in strings(row)]
    named = [cell for cell in cells for person in persons if person <= set(words(cell))]
    assert len(named) == 0, f"{len(named)} cells name a person"


def test_our_words_share_no_run_of_eight_words_with_a_document_but_names(documents: Documents):
    names = [row[column] for row in (*ACTORS, *TABLES["programmes"]) for column in ("nom", "aliases")]
    names += [row["libelle"] for row in TABLES["competences"]]
    names += [row["titre"] for row in read_rows(DATA / "documents.csv")]
    every = {tuple(words(name)) for cell in names for name in (*listed(cell), cell.partition(" (")[0])}
    texts = [(name, row[column]) for name, cs in OWN_WORDS.items() for row in TABLES[name] for column in cs]
    for name, practice in PRACTICES.items():
        texts += [(name, text) for text in strings(practice) if text != practice["source_titre"]]
    copied = [(name, run) for name, text in texts for run in documents.copied(text, every)]
    assert copied == []


def test_a_run_of_eight_words_of_a_document_is_seen(documents: Documents):
    sentence = " ".join(words(documents.lines["003"][336])[:20])
    assert len(documents.copied(f"Chez nous, {sentence}", set())) == 13
    assert len(documents.copied(" ".join(sentence.split()[:7]), set())) == 0


# ---- What must be there, documents at hand or not


@pytest.mark.parametrize(
    ("searched", "organisation", "places"),
    [
        ("APEI des 2 Vallées", "apei-des-2-vallees", ["petr:soissonnais-valois", "commune:02232", "commune:02810"]),
        ("TEREOS", "tereos", ["commune:02131"]),
        ("Le Relais", "le-relais-nord-est-idf", ["commune:02243", "commune:02607"]),
        ("ressourcerie AIR", "ressourcerie-air", ["commune:80620"]),
        ("ALISS", "ptce-aliss", ["epci:240200477"]),
    ],
)
def test_the_actors_that_everybody_looks_for_are_found(site: Site, searched: str, organisation: str, places: list[str]):
    found = site.actors.frame[site.index.mask(ActorFilter(words=searched))]
    of_it = found[found["organisation"] == organisation]
    assert sorted(of_it["rattachement"]) == sorted(places)


def test_the_fifteen_ptce_of_2023_are_there_each_with_its_line_and_departement(site: Site):
    lines = {}
    for row in ACTORS:
        if "ptce" in listed(row["types"]):
            for document, first, last in parts(row["source"]):
                if document == "003" and first == last and first in PTCE_LINES:
                    lines[first] = site.actors.frame.at[row["id"], "code_departement"]
    assert sorted(lines) == list(PTCE_LINES)
    assert Counter(lines.values()) == {"02": 1, "59": 3, "60": 3, "62": 7, "80": 1}


def test_the_five_case_studies_and_the_seven_spotted_practices_have_their_sheet():
    sheets = {
        nature: {name for name, practice in PRACTICES.items() if practice["nature"] == nature}
        for nature in ("coup_de_projecteur", "repere")
    }
    assert sheets["coup_de_projecteur"] == {
        *("conciergerie-comptoir-mobile", "vert-bocage-tourisme", "bouquinerie-sart-amiens"),
        *("terre-tous", "ptce-henin-carvin"),
    }
    assert sheets["repere"] == {
        *("recycljouets", "recycl-aide-80", "defabnord", "fibr-co", "evident-initiatives-cite", "cap-energie"),
        "petits-magasins-lens",
    }


def test_contradictions_are_kept_and_said(site: Site):
    share = site.figures.find("region:24", "part_emplois_ess")
    of_table = site.figures.find("region:24", "part_salaries_ess")
    communes = site.figures.find("petr:soissonnais-valois", "nombre_communes")
    assert share
    assert of_table
    assert communes
    assert (float(share["valeur"]), float(of_table["valeur"])) == (10.6, 10.5)
    assert "10,50" in share["note"]
    assert communes["valeur"] == "164"
    assert len(site.territories.communes_of(Territory("petr", "soissonnais-valois"))) == 163
    assert "163" in communes["note"]
