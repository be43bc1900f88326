"""What is exported: the actors kept, as the file held them, and nothing about a person."""

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from tests.unit.documents.conftest import DAY

from esscarto.actors import locate
from esscarto.documents import french_csv, geojson, vcard
from esscarto.documents.selection import Selection, exact_number
from esscarto.french import clean
from esscarto.site import Site
from esscarto.territories import Territory

# An address that begins with an initial is a person's; so is a mobile number.
PERSONAL = re.compile(r"\b[a-z]\.[a-z-]+@|(?<!\d)(?:0|\+33 ?|0033 ?)[67](?:[ .-]\d\d){4}(?!\d)")


def test_the_columns_are_those_of_the_file_to_the_letter(everything: Selection, shipped_rows: pd.DataFrame):
    assert_frame_equal(everything.actors, shipped_rows)


def test_the_join_does_change_a_code_that_the_export_gives_back(site: Site, everything: Selection):
    declared, joined = (
        everything.actors["code_insee"].to_numpy(),
        site.actors.frame["code_insee"].fillna("").to_numpy(),
    )
    assert (declared != joined).any()


def test_an_old_commune_code_is_exported_as_declared(site: Site, make_rows: Callable[..., pd.DataFrame]):
    old = next(str(code) for code in site.territories.former.index if code not in site.territories.communes.index)
    actors = locate(make_rows({"code_insee": old}), site.territories)
    assert actors.frame["code_insee"].iloc[0] == site.territories.current_commune(old)
    selection = Selection(dataclasses.replace(site, actors=actors), np.array([True]), "", DAY)
    assert selection.actors["code_insee"].tolist() == [old]


def test_only_the_actors_kept_are_exported_in_the_order_of_the_file(site: Site):
    mask = site.index.inside(Territory("epci", "200071991"))
    selection = Selection(site, mask, "", DAY)
    assert selection.actors["id"].tolist() == site.actors.frame.index[mask].tolist()
    assert len(selection.actors) == mask.sum() > 0


def test_figures_are_those_of_the_organisations_kept(site: Site):
    mask = site.index.inside(Territory("epci", "200071991"))
    selection = Selection(site, mask, "", DAY)
    kept = set(selection.actors["organisation"])
    expected = [row for row in site.figures.frame["sujet"] if row.removeprefix("acteur:") in kept and "acteur:" in row]
    assert selection.figures["sujet"].tolist() == expected != []


def test_relations_touch_an_organisation_kept(site: Site):
    mask = site.index.inside(Territory("epci", "200071991"))
    selection = Selection(site, mask, "", DAY)
    kept = set(selection.actors["organisation"])
    ends = site.network.frame[["de", "vers"]].itertuples(index=False)
    expected = [
        number for number, (start, end) in zip(site.network.frame["id"], ends, strict=True) if {start, end} & kept
    ]
    assert selection.relations["id"].tolist() == expected != []


def test_control_and_bidirectional_characters_never_leave(hostile_selection: Selection, hostile_rows: pd.DataFrame):
    assert_frame_equal(hostile_selection.actors, hostile_rows.map(clean).astype(str))


def test_the_sources_name_every_document_every_vintage_the_licence_the_day_and_the_filter(
    everything: Selection,
):
    said = "\n".join(" ".join(line) for line in everything.sources.itertuples(index=False))
    for document in everything.site.documents.values():
        assert document["titre"] in said
    for vintage in everything.site.territories.vintages.values():
        assert vintage in said
    for words in ("Licence Ouverte 2.0", "22 novembre 2026", "tous les acteurs"):
        assert words in said


def test_a_citation_says_the_document_and_its_lines(everything: Selection):
    source = everything.actors["source"].iloc[0]
    document, _, line = source.partition("|")[0].partition(":")
    assert everything.site.documents[document]["titre_court"] in everything.citations()[0]
    assert line in everything.citations()[0]


@pytest.mark.parametrize("export", [french_csv.export, geojson.export, vcard.export])
def test_no_export_carries_the_address_or_the_mobile_of_a_person(everything: Selection, export):
    text = re.sub(r"\r\n ", "", export(everything).decode())
    assert "@" in text
    assert PERSONAL.findall(text) == []


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("49.260881", 49.260881),
        ("-1.5", -1.5),
        ("4", 4.0),
        ("4.0", None),
        ("49.10", None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("0.30000000000000004", None),
    ],
)
def test_a_number_is_a_number_only_when_it_comes_back_as_it_is_written(cell: str, number: float | None):
    assert exact_number(cell) == number
