"""Whom one click keeps: ten at most, the very trade first, who accompanies and the public bodies by two."""

import pytest

from esscarto.asking import Question
from esscarto.firsts import MOST_FIRSTS, firsts
from esscarto.intent import understand
from esscarto.partners import answer
from esscarto.places import commune_place
from esscarto.site import Site


def kept(site: Site, commune: str, words: str) -> list[str]:
    meant = understand(words)
    asked = Question(commune_place(site, commune), tuple(meant.themes), tuple(meant.types), (), 20, 0)
    return [key.partition(":")[2] for key in firsts(site, answer(site, asked))]


@pytest.mark.parametrize(
    ("commune", "words"),
    [
        ("02810", "ouvrir une ressourcerie"),
        ("80410", "une épicerie itinérante"),
        ("02722", "un garage solidaire"),
        ("80620", "une crèche"),
        ("02018", "un tiers-lieu"),
    ],
)
def test_ten_different_names_are_kept(site: Site, commune: str, words: str):
    found = kept(site, commune, words)
    assert len(found) == len(set(found)) == MOST_FIRSTS == 10


def test_the_only_actor_of_the_very_trade_comes_first_however_far(site: Site):
    # The only ressourcerie of the directory stands at Péronne, 75.9 km from there.
    assert kept(site, "02810", "ouvrir une ressourcerie")[0] == "ressourcerie-air-peronne"


def test_the_public_bodies_and_who_accompanies_are_kept_by_two(site: Site):
    found = kept(site, "02810", "ouvrir une ressourcerie")
    assert {"petr-soissonnais-valois", "cc-retz-en-valois"} <= set(found)
    # Eurasanté knows food, Initiative Somme accompanies any project.
    assert {"eurasante", "initiative-somme"} <= set(kept(site, "80410", "une épicerie itinérante"))


def test_who_has_nothing_of_the_project_is_not_kept(site: Site):
    assert "apei-des-2-vallees-coyolles" in site.actors.frame.index
    assert "apei-des-2-vallees-coyolles" not in kept(site, "02810", "ouvrir une ressourcerie")
