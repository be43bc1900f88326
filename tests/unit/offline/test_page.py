"""The file to take away: what it holds, what it asks for, and what a hostile name can do in it."""

import base64
import csv
import dataclasses
import datetime
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from esscarto.actors import locate
from esscarto.documents.selection import LICENCE_URL, Selection
from esscarto.filters import ActorFilter
from esscarto.offline import page
from esscarto.schema import LIST_SEPARATOR
from esscarto.settings import SITE
from esscarto.site import Site
from esscarto.territories import Territory

DAY = datetime.date(2026, 11, 22)
MOST_BYTES = 3_000_000
SOISSONNAIS_VALOIS = Territory("petr", "soissonnais-valois")


class Reading(HTMLParser):
    """What a browser reads of the file: its tags, the text of each script, the words outside of them."""

    def __init__(self, content: bytes):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: dict[str, str] = {}
        self.comments: list[str] = []
        self._inside: str | None = None
        self.feed(content.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._inside = dict(attrs).get("id") or ""
            self.scripts[self._inside] = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = None if tag == "script" else self._inside

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.scripts[self._inside] += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def block(self, name: str):
        return json.loads(self.scripts[name])


def selected(site: Site, wanted: ActorFilter) -> Selection:
    mask = site.index.mask(wanted)
    return Selection(site, mask, wanted.sentence(int(mask.sum()), site.territories), DAY, wanted.territory)


@pytest.fixture(scope="module")
def whole(site: Site) -> bytes:
    """The map of a whole PETR."""
    return page.export(selected(site, ActorFilter(SOISSONNAIS_VALOIS)))


@pytest.fixture(scope="module")
def hostile_file(site: Site, make_rows: Callable[..., pd.DataFrame], hostile_texts: list[str]) -> bytes:
    """A file in which each hostile text passes through each free column, and is the sentence of the selection."""
    free = ("nom", "aliases", "description", "adresse", "commune", "lieu_source", "telephone", "courriel", "note")
    rows = make_rows(*(dict.fromkeys(free, text) | {"code_insee": "02722"} for text in hostile_texts))
    hostile_site = dataclasses.replace(site, actors=locate(rows, site.territories))
    return page.export(
        Selection(hostile_site, np.ones(len(rows), dtype=bool), "".join(hostile_texts), DAY, SOISSONNAIS_VALOIS)
    )


def test_the_map_of_a_petr_weighs_less_than_three_megabytes(whole: bytes):
    assert len(whole) < MOST_BYTES


def test_so_does_the_whole_directory_with_its_region(site: Site):
    content = page.export(selected(site, ActorFilter()))
    assert len(content) < MOST_BYTES
    read = Reading(content)
    assert read.block("acteurs")["id"] == site.actors.frame["id"].tolist()
    assert read.block("page")["niveau"] == "epci"
    assert len(read.block("contours")["epci"]["features"]) == len(read.block("page")["codes"])


def test_the_actors_of_the_file_are_those_of_the_selection_in_their_order(site: Site):
    selection = selected(site, ActorFilter(SOISSONNAIS_VALOIS, {"th": ("insertion_emploi", "mobilite")}))
    with (SITE / "data" / "actors.csv").open(encoding="utf-8", newline="") as file:
        themes = {row["id"]: row["themes"] for row in csv.DictReader(file)}
    read = Reading(page.export(selection))
    ids = read.block("acteurs")["id"]
    assert ids == selection.actors["id"].tolist()
    assert ids
    for actor, values in zip(ids, read.block("page")["valeurs"]["th"], strict=True):
        assert values == themes[actor].split(LIST_SEPARATOR)
        assert {"insertion_emploi", "mobilite"} & set(values)


def test_every_commune_of_the_petr_is_drawn_and_in_the_order_of_its_class(site: Site, whole: bytes):
    read = Reading(whole)
    drawn = [feature["properties"]["c"] for feature in read.block("communes")["features"]]
    assert drawn == read.block("page")["codes"] == site.territories.communes_of(SOISSONNAIS_VALOIS).tolist()
    assert len(drawn) == 163


def test_a_choice_of_territory_has_its_bounds(whole: bytes):
    read = Reading(whole)
    offered = [attributes["value"] for tag, attributes in read.tags if tag == "option"]
    bounds = read.block("page")["bornes"]
    assert offered[0] == ""
    assert len(offered) > 163
    assert [key for key in offered[1:] if key not in bounds] == []


def test_nothing_is_asked_of_any_host(whole: bytes):
    asked = [
        (tag, name, value)
        for tag, attributes in Reading(whole).tags
        for name, value in attributes.items()
        if name in ("src", "srcset", "href", "action", "data", "poster")
        if tag != "a"
    ]
    assert asked == [("link", "href", "data:,")]
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", whole.decode())
    links = {attributes["href"] for tag, attributes in Reading(whole).tags if tag == "a"}
    assert links == {"#liste", "#sources", LICENCE_URL}


def test_the_policy_lets_the_one_script_of_the_file_run_and_no_other(whole: bytes):
    read = Reading(whole)
    policy = next(attributes["content"] for _, attributes in read.tags if attributes.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(read.scripts[""].encode()).digest()).decode()
    assert policy
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}';")
    assert "http" not in policy
    assert "data:" not in policy.partition("style-src")[0]


def test_the_file_says_its_date_its_sources_and_its_licence(whole: bytes):
    text = whole.decode()
    for words in ("22 novembre 2026", "Licence Ouverte 2.0", "n’est pas un recensement", "Contours des communes (IGN)"):
        assert words in text


def test_a_hostile_text_ends_no_script_and_begins_no_tag(hostile_file: bytes, whole: bytes, hostile_texts: list[str]):
    read, innocent = Reading(hostile_file), Reading(whole)
    assert list(read.scripts) == list(innocent.scripts) == ["acteurs", "contours", "communes", "page", ""]
    assert read.scripts[""] == innocent.scripts[""]
    assert read.comments == []
    assert {tag for tag, _ in read.tags} == {tag for tag, _ in innocent.tags}
    assert [name for _, attributes in read.tags for name in attributes if name.startswith("on")] == []
    names = read.block("acteurs")["nom"]
    assert len(names) == len(hostile_texts)
    assert "</script><script>window.__x=1</script>" in names


def test_an_empty_selection_is_still_a_map(site: Site):
    nobody = Selection(site, np.zeros(len(site.actors), dtype=bool), "aucun acteur", DAY, SOISSONNAIS_VALOIS)
    read = Reading(page.export(nobody))
    assert read.block("acteurs")["id"] == []
    assert len(read.block("communes")["features"]) == 163
