"""The basket: added to, put in order, annotated, and held whole in a link that trusts nobody."""

import urllib.parse

import pytest

from esscarto.basket import LINK_LETTERS, MOST, NOTE_LETTERS, QUESTION_LETTERS, Basket, format_link, parse_link

A, B, C = "acteur:axo-meca", "pratique:recycl-aide-80", "programme:cote"
FULL = Basket((A, B, C), {A: "Appeler & visiter ; 12 h ?", C: "Lire d’abord"}, "Ouvrir une ressourcerie")


def everything(_: str) -> bool:
    return True


def test_an_item_is_added_at_the_end_and_once():
    assert Basket().add(A).add(B).add(A).items == (A, B)


@pytest.mark.parametrize("item", ["", "acteur:", "commune:02722", "acteur:a,b", "acteur:a b", "acteur:<b>", "x" * 200])
def test_what_is_not_an_item_is_not_added(item: str):
    assert Basket().add(item) == Basket()


@pytest.mark.parametrize(
    ("item", "step", "order"),
    [(A, 1, (B, A, C)), (A, -1, (A, B, C)), (C, -1, (A, C, B)), (C, 9, (A, B, C)), (C, -9, (C, A, B))],
)
def test_an_item_is_moved_and_never_beyond_the_ends(item: str, step: int, order: tuple[str, ...]):
    moved = FULL.move(item, step)
    assert moved.items == order
    assert moved.notes == FULL.notes
    assert moved.number(item) == order.index(item) + 1


def test_an_item_taken_out_takes_its_note_with_it():
    left = FULL.remove(A)
    assert left.items == (B, C)
    assert left.notes == {C: "Lire d’abord"}
    assert left.remove(A) == left


def test_a_note_is_one_line_of_a_bounded_length_and_an_empty_one_goes_away():
    noted = FULL.annotate(B, "  deux\nlignes \u202e" + "x" * 500)
    assert noted.notes[B].startswith("deux lignes xxx")
    assert len(noted.notes[B]) == NOTE_LETTERS
    assert B not in noted.annotate(B, "  ").notes
    assert len(FULL.ask("y" * 999).question) == QUESTION_LETTERS


def test_a_note_on_nothing_is_not_kept():
    assert Basket().annotate(A, "rien").notes == {}


def test_a_link_gives_the_same_basket_back_whatever_the_notes_hold(hostile_texts: list[str]):
    for text in hostile_texts:
        basket = FULL.annotate(B, text).ask(text)
        if basket.too_long():
            continue
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlencode(format_link(basket))))
        assert parse_link(query, everything) == basket


def test_an_empty_basket_leaves_the_address_empty():
    assert format_link(Basket()) == {}
    assert parse_link({}, everything) == Basket()


def test_what_a_link_holds_that_is_unknown_twice_or_badly_written_is_left_out():
    query = {"p": f"{A},acteur:inconnu,{A},javascript:alert(1),,{C}", "n2": "perdue", "n6": "gardée"}
    basket = parse_link(query, lambda item: item != "acteur:inconnu")
    assert basket.items == (A, C)
    assert basket.notes == {C: "gardée"}


def test_a_link_cannot_hold_more_than_a_basket():
    query = {"p": ",".join(f"acteur:a{at}" for at in range(500)), **{f"n{at}": "é" * 900 for at in range(500)}}
    basket = parse_link(query, everything)
    assert len(basket.items) == MOST
    assert not basket.too_long()
    assert len(urllib.parse.urlencode(format_link(basket))) <= LINK_LETTERS


def test_a_basket_that_would_not_fit_says_why_and_what_to_do():
    many = Basket(tuple(f"acteur:a{at}" for at in range(MOST)))
    assert many.too_long() == ""
    assert "Retirez-en un" in many.add("acteur:de-trop").too_long()
    noted = many
    for item in many.items:
        noted = noted.annotate(item, "é" * NOTE_LETTERS)
    assert "Raccourcissez" in noted.too_long()


def test_the_place_of_the_question_is_in_the_link_and_what_cannot_be_one_is_not():
    basket = FULL.ask_from("02810~reemploi~ressourcerie~20")
    assert format_link(basket)["o"] == "02810~reemploi~ressourcerie~20"
    assert parse_link(format_link(basket), everything) == basket
    for hostile in ("<b>", "a b", "é~", "x" * 500):
        assert parse_link({"p": A, "o": hostile}, everything).asked == ""
