"""Who is before the screen of the page Données, and what is asked again when something is written."""

import pytest
from streamlit.testing.v1 import AppTest

from esscarto import settings
from esscarto.access import Request

FORWARDED = Request(headers={"host": ("localhost",), "origin": ("http://localhost",), "via": ("1.1 mandataire",)})


def must_edit() -> AppTest:
    """Ask, as a callback would, whether something may be written."""

    def script():
        import streamlit as st

        from esscarto.errors import DataError
        from esscarto.ui.access import must_edit

        try:
            st.text(must_edit().role)
        except DataError as error:
            st.text(str(error))

    return AppTest.from_function(script, default_timeout=60).run()


def donnees() -> AppTest:
    app = AppTest.from_file(str(settings.MAIN_SCRIPT), default_timeout=60).run()
    app.switch_page(str(settings.PAGES / "donnees.py"))
    return app.run()


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_user_of_the_machine_may_write(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    assert must_edit().text[0].value == "local"


def test_a_write_is_refused_when_the_right_to_it_has_gone_since_the_page_was_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    monkeypatch.setattr("esscarto.ui.access.request", lambda: FORWARDED)
    assert must_edit().text[0].value.startswith("Rien n’a été enregistré")
    assert "serveur mandataire" in must_edit().text[0].value


@pytest.mark.parametrize("mode", ["", "lecture", "oidc", "proxy", "ouvert"])
def test_a_server_that_names_no_editor_writes_nothing(monkeypatch: pytest.MonkeyPatch, mode: str):
    monkeypatch.setenv("ESSCARTO_ACCESS", mode)
    monkeypatch.delenv("ESSCARTO_PROXY_SECRET", raising=False)
    assert must_edit().text[0].value.startswith("Rien n’a été enregistré")


@pytest.mark.parametrize(
    ("mode", "said"),
    [("ouvert", "« ouvert » n’existe pas"), ("oidc", "secrets.toml"), ("lecture", "Chacun peut proposer")],
)
def test_the_page_opens_to_visitors_and_says_what_is_badly_set(monkeypatch: pytest.MonkeyPatch, mode: str, said: str):
    monkeypatch.setenv("ESSCARTO_ACCESS", mode)
    app = donnees()
    assert not app.exception
    assert said in html(app)
    assert "Vous êtes ici comme" not in html(app)


def test_the_sessions_that_may_send_files_are_those_of_editors(monkeypatch: pytest.MonkeyPatch):
    from esscarto.ui.access import _editing, may_send_files

    monkeypatch.setenv("ESSCARTO_ACCESS", "local")
    must_edit()
    session = next(reversed(_editing))
    assert may_send_files(session)
    monkeypatch.setenv("ESSCARTO_ACCESS", "lecture")
    must_edit()
    assert not may_send_files(session)
    assert not may_send_files("inconnue")
