"""Who is before the screen: what Streamlit knows of the request, given to the rules of ``esscarto.access``."""

import importlib.util
from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from esscarto import access
from esscarto.access import VISITOR, Person, Referents, Request
from esscarto.errors import DataError
from esscarto.settings import access_mode, proxy_secret
from esscarto.ui import render

_KEPT_SESSIONS = 500
_editing: dict[str, None] = {}
"""Sessions of editors, the last seen at the end: only they may send a file."""


def person() -> Person:
    """Return who is before the screen, by role; a visitor, and why, when the server is badly set."""
    try:
        found = _person()
    except DataError as error:
        found = Person(why=str(error))
    _note(found)
    return found


def must_edit() -> Person:
    """Return who is about to change something, asked again at the moment of the write.

    Raises
    ------
    DataError
        This person may not edit, or no longer: what was drawn earlier proves nothing.
    """
    found = person()
    if not found.may_edit:
        raise DataError(
            "Rien n’a été enregistré : vous n’êtes pas, ou plus, reconnu comme pouvant modifier l’annuaire",
            remedy=found.why or "Rechargez la page, connectez-vous si c’est proposé, puis recommencez.",
        )
    return found


def check() -> None:
    """Check what the mode of the server needs, or raise ``DataError``: said in the log when the server starts."""
    mode = access.check_mode(access_mode())
    if mode == "proxy":
        access.check_secret(proxy_secret())
    elif mode == "oidc":
        _referents()


def draw(found: Person) -> None:
    """Say why a visitor is one, when it may surprise, and offer to sign in or out where that exists."""
    render.show("acces.html", why=found.why)
    if access_mode() != "oidc":
        return
    if st.user.get("is_logged_in"):
        st.button("Se déconnecter", on_click=st.logout, icon=":material/logout:")
    elif not found.why:
        st.button("Se connecter (référents)", on_click=st.login, icon=":material/login:")


def may_send_files(session: str) -> bool:
    """Whether a session was that of an editor when it last drew the page Données."""
    return session in _editing


def _person() -> Person:
    mode = access.check_mode(access_mode())
    if mode == "local":
        return access.person_here(request())
    if mode == "proxy":
        return access.person_of_proxy(request(), proxy_secret())
    if mode == "oidc":
        return access.person_signed_in(st.user, _referents(), datetime.now(UTC))
    return VISITOR


def request() -> Request:
    """Return what Streamlit knows of the connection; it knows nothing more once the browser has left."""
    headers = st.context.headers
    return Request(st.context.ip_address or "", {name.lower(): tuple(headers.get_all(name)) for name in headers})


def _referents() -> Referents:
    if importlib.util.find_spec("authlib") is None:
        raise DataError(
            "La connexion demande le module Authlib, qui n’est pas installé",
            "mode oidc",
            "Installez-le avec « pip install esscarto[oidc] ». Jusque-là, personne ne modifie.",
        )
    if not st.secrets.load_if_toml_exists():
        raise DataError(
            "Le fichier secrets.toml manque, ou ne se lit pas",
            "mode oidc",
            "Écrivez-le comme le dit le guide « Qui peut modifier ». Jusque-là, personne ne modifie.",
        )
    access.check_sign_in(st.secrets.get("auth", {}))
    return Referents.of_settings(st.secrets.get("esscarto", {}))


def _note(found: Person) -> None:
    session = getattr(get_script_run_ctx(suppress_warning=True), "session_id", "")
    _editing.pop(session, None)
    if found.may_edit and session:
        _editing[session] = None
        while len(_editing) > _KEPT_SESSIONS:
            _editing.pop(next(iter(_editing)), None)
