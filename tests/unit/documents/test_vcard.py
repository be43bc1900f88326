"""The address book: one card a place of activity, of organisations only, parsed as a telephone does."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import vobject
from tests.unit.documents.conftest import DAY

from esscarto.actors import locate
from esscarto.documents import vcard
from esscarto.documents.selection import Selection
from esscarto.site import Site

ALLOWED = {
    "version",
    "uid",
    "rev",
    "fn",
    "n",
    "org",
    "x-abshowas",
    "adr",
    "tel",
    "email",
    "url",
    "categories",
    "note",
}


def read(selection: Selection) -> list:
    return list(vobject.readComponents(vcard.export(selection).decode("utf-8")))


def test_there_is_one_card_a_place_and_no_property_but_ours(selection: Selection):
    cards = read(selection)
    assert [card.uid.value for card in cards] == [f"esscarto:{actor}" for actor in selection.actors["id"]]
    for card in cards:
        assert card.name == "VCARD"
        assert set(card.contents) <= ALLOWED
        assert {len(lines) for lines in card.contents.values()} == {1}


def test_a_card_is_of_an_organisation_and_of_nobody(everything: Selection):
    for card, row in zip(read(everything), everything.actors.to_dict("records"), strict=True):
        assert card.fn.value == row["nom"]
        assert card.org.value == [everything.site.organisation_name(row["organisation"])]
        assert not any(vars(card.n.value).values())
        assert card.x_abshowas.value == "COMPANY"


def test_a_card_has_the_contacts_of_the_organisation_and_no_other(everything: Selection):
    for card, row in zip(read(everything), everything.actors.to_dict("records"), strict=True):
        for name, column in (("tel", "telephone"), ("email", "courriel"), ("url", "site_web")):
            assert [line.value for line in card.contents.get(name, [])] == ([row[column]] if row[column] else [])


def test_an_address_is_the_one_of_the_file_and_never_a_doubtful_one(everything: Selection):
    with_street = 0
    for card, row in zip(read(everything), everything.actors.to_dict("records"), strict=True):
        assert ("adr" in card.contents) == bool(row["commune"] and row["lieu_confiance"] != "douteux")
        if "adr" in card.contents:
            address = card.adr.value
            written = (address.street, address.code, address.city)
            assert written == (row["adresse"], row["code_postal"], row["commune"])
            with_street += bool(row["adresse"])
    assert with_street


def test_the_note_says_the_sources_the_day_and_the_licence(everything: Selection):
    for card, citation in zip(read(everything), everything.citations(), strict=True):
        assert citation in card.note.value
        assert card.note.value.endswith("esscarto, export du 22 novembre 2026, Licence Ouverte 2.0")


def test_hostile_names_are_read_back(hostile_selection: Selection):
    for card, name in zip(read(hostile_selection), hostile_selection.actors["nom"], strict=True):
        # A line end inside a name is one line end, whatever it was.
        assert card.fn.value.splitlines() == name.splitlines() or card.fn.value == name


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085", "\r", "\r\n"])
def test_no_line_end_inside_a_name_opens_a_property(site: Site, make_rows: Callable[..., pd.DataFrame], end: str):
    actors = locate(make_rows({"nom": f"nom{end}TEL:+33600000000{end}END:VCARD"}), site.territories)
    selection = Selection(dataclasses.replace(site, actors=actors), np.array([True]), "", DAY)
    (card,) = read(selection)
    assert "tel" not in card.contents
