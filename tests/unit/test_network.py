"""The relations between organisations, read in both directions."""

import pandas as pd
import pytest

from esscarto.network import BACKWARD, FORWARD, Link, Network
from esscarto.site import Site

COLUMNS = ["de", "relation", "vers", "objet", "date", "etat", "source", "note"]


def network(*rows: tuple[str, ...]) -> Network:
    return Network(pd.DataFrame(list(rows), columns=COLUMNS))


def test_a_relation_is_seen_from_both_ends():
    links = network(("adapei", "gere", "esat", "Gestion", "2019", "en_cours", "001:138", "memo"))
    assert links.of("adapei") == [Link("gère\u202f:", "esat", "Gestion", "2019", "001:138", "memo")]
    assert links.of("esat") == [Link("a pour gestionnaire\u202f:", "adapei", "Gestion", "2019", "001:138", "memo")]
    assert links.of("nobody") == []


@pytest.mark.parametrize(
    ("date", "state", "when"),
    [
        ("2019", "en_cours", "2019"),
        ("2019", "passee", "2019, passé"),
        ("", "prevue", "prévu"),
        ("", "non_date", "non daté"),
        ("", "en_cours", ""),
    ],
)
def test_a_relation_says_when_it_holds(date: str, state: str, when: str):
    (link,) = network(("a", "finance", "b", "", date, state, "000:1", "")).of("a")
    assert link.when == when


@pytest.mark.parametrize("relation", FORWARD)
def test_every_relation_reads_both_ways_and_a_colon_stands_where_a_name_would_take_an_article(relation: str):
    links = network(("a", relation, "b", "", "", "en_cours", "000:1", ""))
    assert [link.words for link in links.of("a")] == [f"{FORWARD[relation]}\u202f:"]
    assert [link.words for link in links.of("b")] == [f"{BACKWARD[relation]}\u202f:"]


def test_relations_keep_the_order_of_the_table():
    links = network(
        ("a", "finance", "b", "", "", "en_cours", "000:1", ""),
        ("c", "porte", "a", "", "", "en_cours", "000:2", ""),
        ("a", "cree", "d", "", "", "en_cours", "000:3", ""),
    )
    assert [(link.words, link.organisation) for link in links.of("a")] == [
        ("finance\u202f:", "b"),
        ("a pour porteur\u202f:", "c"),
        ("a créé\u202f:", "d"),
    ]


def test_a_text_goes_through_a_relation_as_it_is(hostile: str):
    (link,) = network(("a", "finance", "b", hostile, "", "en_cours", "000:1", hostile)).of("b")
    assert (link.about, link.note) == (hostile, hostile)


def test_every_real_relation_links_two_organisations_of_the_directory(site: Site):
    frame = site.network.frame
    assert sorted(set(frame["de"]) - set(site.organisations)) == []
    assert sorted(set(frame["vers"]) - set(site.organisations)) == []
    seen = sum(len(site.network.of(organisation)) for organisation in site.organisations)
    assert seen == 2 * len(frame)
