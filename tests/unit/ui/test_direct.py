"""The short way to the map, through a real websocket."""

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from esscarto.ui import direct
from esscarto.ui.direct import Channels


@pytest.fixture
def channels():
    return Channels()


@pytest.fixture
def browser(channels):
    route = WebSocketRoute("/{base:path}direct/{name}", channels.serve)
    with TestClient(Starlette(routes=[route])) as client:
        yield client


@pytest.mark.parametrize("base", ["", "ess/", "un/deux/"])
def test_what_a_script_sends_reaches_its_browser_in_order_under_any_base_path(channels, browser, base):
    name = channels.new()
    with browser.websocket_connect(f"/{base}direct/{name}") as socket:
        for text in ("un", "deux « é »"):
            channels.send(name, text)
            assert socket.receive_text() == text


def test_a_name_that_was_never_given_is_refused(channels, browser):
    channels.new()
    with pytest.raises(WebSocketDisconnect) as refused, browser.websocket_connect("/direct/devine"):
        pass
    assert refused.value.code == 1008


def test_two_sessions_never_hear_each_other(channels, browser):
    one, two = channels.new(), channels.new()
    assert one != two
    with browser.websocket_connect(f"/direct/{one}") as first, browser.websocket_connect(f"/direct/{two}") as second:
        channels.send(one, "pour la première")
        channels.send(two, "pour la seconde")
        assert (first.receive_text(), second.receive_text()) == ("pour la première", "pour la seconde")


def test_a_script_knows_whether_its_browser_listens(channels, browser):
    name = channels.new()
    assert not channels.send(name, "personne n’écoute encore")
    with browser.websocket_connect(f"/direct/{name}") as socket:
        assert socket.receive_text() == "personne n’écoute encore"
        assert channels.send(name, "maintenant")
        assert socket.receive_text() == "maintenant"
    assert not channels.send("inconnu", "jamais ouvert")


def test_a_browser_that_comes_back_is_told_the_last_message_first(channels, browser):
    name = channels.new()
    for before, after in (("", "un"), ("un", "deux"), ("deux", "trois")):
        with browser.websocket_connect(f"/direct/{name}") as socket:
            if before:
                assert socket.receive_text() == before
            channels.send(name, after)
            assert socket.receive_text() == after


def test_the_same_message_again_is_not_sent_again(channels, browser):
    name = channels.new()
    with browser.websocket_connect(f"/direct/{name}") as socket:
        for text in ("un", "un", "deux"):
            assert channels.send(name, text)
        assert [socket.receive_text(), socket.receive_text()] == ["un", "deux"]


def test_what_a_browser_says_ends_its_socket(channels, browser):
    name = channels.new()
    with browser.websocket_connect(f"/direct/{name}") as socket:
        socket.send_text("bonjour")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_the_oldest_sessions_are_forgotten(channels, browser, monkeypatch):
    monkeypatch.setattr(direct, "MOST_SESSIONS", 3)
    names = [channels.new() for _ in range(4)]
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect(f"/direct/{names[0]}"):
        pass
    with browser.websocket_connect(f"/direct/{names[1]}") as socket:
        channels.send(names[1], "encore là")
        assert socket.receive_text() == "encore là"
