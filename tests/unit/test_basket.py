"""The basket: added to, put in order, annotated, and held whole in a link that trusts nobody."""

import urllib.parse

import pytest

from esscarto.basket import (
    LINK_LETTERS,
    MOST,
    MOST_PROJECTS,
    NOTE_LETTERS,
    QUESTION_LETTERS,
    Basket,
    format_link,
    parse_link,
)

A, B, C = "acteur:axo-meca", "pratique:recycl-aide-80", "programme:cote"
FULL = Basket((A, B, C), {A: "Appeler & visiter ; 12 h ?", C: "Lire d’abord"}, "Ouvrir une ressourcerie")


def everything(_: str) -> bool:
    return True


def test_an_item_is_added_at_the_end_and_once():
    assert Basket().add(A).add(B).add(A).items == (A, B)


@pytest.mark.parametrize("item", ["", "acteur:", "commune:02722", "acteur:a,b", "acteur:a b", "acteur:<b>", "x" * 200])
def test_what_is_not_an_item_is_not_added(item: str):
    assert Basket().add(item) == Basket()


def test_two_items_take_each_other_s_place_with_their_notes():
    moved = FULL.swap(A, C)
    assert moved.items == (C, B, A)
    assert moved.notes == FULL.notes


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


# ---- several projects

RESSOURCERIE, EPICERIE = "02810~reemploi~ressourcerie~20", "80410~alimentation~~20"
TWO = FULL.ask_from(RESSOURCERIE).begin("Ouvrir une épicerie", EPICERIE).add("acteur:tereos", 1)


def test_a_question_about_something_else_is_no_project_of_the_basket():
    asked = FULL.ask_from(RESSOURCERIE)
    assert asked.find(EPICERIE) is None
    # How far one looks is the same project; what comes without a question goes to the last project.
    assert asked.find("02810~reemploi~ressourcerie~60") == 0
    assert asked.find("") == 0
    assert TWO.find(EPICERIE) == TWO.find("") == 1
    # Filled on the map, before any question.
    assert FULL.find(EPICERIE) == 0


def test_the_items_of_a_project_stand_together_and_a_link_gives_them_back():
    mixed = TWO.add("acteur:realiss").annotate("acteur:tereos", "Appeler")
    assert mixed.items == (A, B, C, "acteur:realiss", "acteur:tereos")
    assert [mixed.project(item) for item in mixed.items] == [0, 0, 0, 0, 1]
    query = format_link(mixed)
    assert (query["p2"], query["q2"], query["o2"]) == ("acteur:tereos", "Ouvrir une épicerie", EPICERIE)
    assert query["n5"] == "Appeler"
    assert parse_link(query, everything) == mixed


def test_a_project_of_which_nothing_is_kept_goes_away():
    assert TWO.remove("acteur:tereos") == FULL.ask_from(RESSOURCERIE)
    left = TWO.remove(A).remove(B).remove(C)
    assert (left.items, left.question, left.asked, left.others) == (
        ("acteur:tereos",),
        "Ouvrir une épicerie",
        EPICERIE,
        (),
    )
    assert left.project("acteur:tereos") == 0
    # Nothing was kept for the second: the third takes its place.
    assert len(FULL.ask_from(RESSOURCERIE).begin("", EPICERIE).begin("", "02722~~~5").projects) == 2
    unknown = parse_link(format_link(TWO), lambda item: item != "acteur:tereos")
    assert unknown == FULL.ask_from(RESSOURCERIE)


def test_a_link_cannot_hold_any_number_of_projects():
    query = {"p": A, **{f"p{at}": f"acteur:a{at}" for at in range(2, 50)}}
    assert len(parse_link(query, everything).projects) == MOST_PROJECTS
    many = Basket((A,))
    for at in range(MOST_PROJECTS):
        many = many.begin("", f"0281{at}~~~20").add(f"acteur:a{at}", at + 1)
    assert "Commencez un nouveau panier" in many.too_long()
