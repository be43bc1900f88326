"""Who may edit: each rule, on what a connection or an identity provider says."""

from datetime import UTC, datetime, timedelta

import pytest

from esscarto import access, settings
from esscarto.access import LOCAL, REFERENT, VISITOR, Person, Referents, Request
from esscarto.errors import DataError
from esscarto.journal import EDITORS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "0123456789abcdef"


def request(peer: str = "", **headers: str) -> Request:
    return Request(peer, {name.replace("_", "-"): (value,) for name, value in headers.items()})


def here(host: str, peer: str = "", **headers: str) -> Person:
    return access.person_here(request(peer, host=host, origin=f"http://{host}", **headers))


def signed_in(referents: Referents, **claims: object) -> Person:
    identity = {"is_logged_in": True, "iat": NOW.timestamp() - 60, **claims}
    return access.person_signed_in(identity, referents, NOW)


# ---- modes


def test_nobody_edits_unless_a_mode_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ESSCARTO_ACCESS", raising=False)
    assert settings.access_mode() == "lecture"


@pytest.mark.parametrize(
    ("address", "mode"), [("127.0.0.1", "local"), ("localhost", "local"), ("0.0.0.0", "lecture"), ("", "lecture")]
)
def test_a_server_that_only_this_machine_reaches_is_edited_by_its_user(address: str, mode: str):
    assert access.default_mode(address) == mode


def test_an_unknown_mode_is_refused_in_french_with_those_that_exist():
    with pytest.raises(DataError, match=r"« ouvert » n’existe pas.*ESSCARTO_ACCESS.*local, oidc, proxy, lecture"):
        access.check_mode("ouvert")


def test_what_a_person_may_be_is_a_role_of_the_journal():
    assert {LOCAL.role, REFERENT.role} <= set(EDITORS)
    assert LOCAL.may_edit
    assert REFERENT.may_edit
    assert not VISITOR.may_edit


# ---- local


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost", "127.0.0.2:8501"])
@pytest.mark.parametrize("peer", ["", "127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_user_of_the_machine_edits(host: str, peer: str):
    assert here(host, peer) == LOCAL


@pytest.mark.parametrize(
    "host",
    [
        *("rebinding.example:8501", "localhost.rebinding.example", "127.0.0.1.rebinding.example"),
        *("192.168.1.4:8501", "[::1", "", "localhost@rebinding.example", "0.0.0.0:8501"),
    ],
)
def test_another_name_of_the_machine_is_a_visitor_and_is_told_the_right_one(host: str):
    found = here(host)
    assert not found.may_edit
    assert "http://localhost" in found.why


@pytest.mark.parametrize("peer", ["192.168.1.20", "2001:db8::1", "10.0.0.1", "inconnu"])
def test_another_machine_is_a_visitor(peer: str):
    found = here("localhost:8501", peer)
    assert not found.may_edit
    assert "autre machine" in found.why


@pytest.mark.parametrize(
    "header", ["forwarded", "x_forwarded_for", "x_forwarded_proto", "x_forwarded", "via", "x_real_ip"]
)
def test_whoever_comes_through_a_proxy_is_a_visitor(header: str):
    found = here("localhost:8501", **{header: "127.0.0.1"})
    assert not found.may_edit
    assert "serveur mandataire" in found.why


@pytest.mark.parametrize("origin", ["", "null", "http://localhost:3000", "http://rebinding.example", "file://"])
def test_a_page_of_elsewhere_is_a_visitor(origin: str):
    assert not access.person_here(request(host="localhost:8501", origin=origin)).may_edit


def test_a_header_given_twice_proves_nothing():
    twice = Request(headers={"host": ("localhost", "rebinding.example"), "origin": ("http://localhost",)})
    assert not access.person_here(twice).may_edit


def test_a_connection_that_has_gone_is_a_visitor():
    assert not access.person_here(Request()).may_edit


# ---- proxy


def through_proxy(**headers: str) -> Person:
    return access.person_of_proxy(request(**headers), SECRET)


def test_a_referent_of_the_proxy_edits():
    assert through_proxy(x_esscarto_role="referent", x_esscarto_secret=SECRET) == REFERENT


@pytest.mark.parametrize("secret", ["", SECRET[:-1], SECRET + "0", SECRET.upper(), "é" * 16])
def test_a_role_without_the_secret_is_a_visitor_and_says_so(secret: str):
    found = through_proxy(x_esscarto_role="referent", x_esscarto_secret=secret)
    assert not found.may_edit
    assert "secret" in found.why


@pytest.mark.parametrize("role", ["local", "import", "ligne_de_commande", "Referent", "admin", ""])
def test_a_proxy_gives_no_other_role(role: str):
    assert through_proxy(x_esscarto_role=role, x_esscarto_secret=SECRET) == VISITOR


def test_a_role_that_a_visitor_has_slipped_in_beside_that_of_the_proxy_counts_for_nothing():
    headers = {"x-esscarto-role": ("referent", ""), "x-esscarto-secret": (SECRET,)}
    assert access.person_of_proxy(Request(headers=headers), SECRET) == VISITOR


@pytest.mark.parametrize("secret", ["", "court", " " * 20, "x" * 15, "é" * 20, f"{SECRET}\n"])
def test_a_secret_that_protects_nothing_is_refused(secret: str):
    with pytest.raises(DataError, match="ESSCARTO_PROXY_SECRET"):
        access.person_of_proxy(request(x_esscarto_role="referent", x_esscarto_secret=secret), secret)


# ---- oidc

BY_EMAIL = Referents.of_settings({"referents": ["Annuaire@PETR.example"]})
BY_DOMAIN = Referents.of_settings({"domaines": ["@petr.example"]})
BY_CLAIM = Referents.of_settings({"revendications": {"groups": ["referents"], "sub": "42"}})


@pytest.mark.parametrize("referents", [BY_EMAIL, BY_DOMAIN])
def test_a_verified_address_of_the_list_is_a_referent(referents: Referents):
    assert signed_in(referents, email="annuaire@petr.EXAMPLE", email_verified=True) == REFERENT


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "annuaire@petr.example"},
        {"email": "annuaire@petr.example", "email_verified": False},
        {"email": "annuaire@petr.example", "email_verified": "true"},
        {"email": "annuaire@petr.example.ailleurs.example", "email_verified": True},
        {"email": "annuaire@sous.petr.example", "email_verified": True},
        {"email": "petr.example", "email_verified": True},
        {"email": "@petr.example", "email_verified": True},
        {"email": ["annuaire@petr.example"], "email_verified": True},
        {"email_verified": True},
    ],
)
@pytest.mark.parametrize("referents", [BY_EMAIL, BY_DOMAIN])
def test_any_other_address_is_a_visitor_who_is_told_why(referents: Referents, claims: dict[str, object]):
    found = signed_in(referents, **claims)
    assert not found.may_edit
    assert "référent" in found.why


@pytest.mark.parametrize("claims", [{"groups": ["agents", "referents"]}, {"groups": "referents"}, {"sub": "42"}])
def test_a_claim_makes_a_referent(claims: dict[str, object]):
    assert signed_in(BY_CLAIM, **claims) == REFERENT


@pytest.mark.parametrize(
    "claims", [{"groups": []}, {"groups": None}, {"groups": {"referents": 1}}, {"groups": ["Referents"]}, {"sub": 42}]
)
def test_another_value_of_a_claim_does_not(claims: dict[str, object]):
    assert not signed_in(BY_CLAIM, **claims).may_edit


@pytest.mark.parametrize("logged_in", [False, None, "true"])
def test_who_has_not_signed_in_is_a_plain_visitor(logged_in: object):
    assert signed_in(BY_CLAIM, is_logged_in=logged_in, sub="42") == VISITOR


def test_a_sign_in_is_worth_twelve_hours():
    hours = access.SIGNED_IN_FOR
    assert signed_in(BY_CLAIM, sub="42", iat=(NOW - hours).timestamp()) == REFERENT
    for issued in ((NOW - hours - timedelta(seconds=1)).timestamp(), 0, True, None, "2026"):
        found = signed_in(BY_CLAIM, sub="42", iat=issued)
        assert not found.may_edit
        assert "12 heures" in found.why


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({}, "Aucun référent"),
        ({"referents": []}, "Aucun référent"),
        ({"revendications": {"groups": []}}, "Aucun référent"),
        ({"referents": [1]}, "« referents »"),
        ({"domaines": {"a": "b"}}, "« domaines »"),
        ({"domaines": [" "]}, "« domaines »"),
        ({"revendications": ["groups"]}, "« revendications »"),
    ],
)
def test_a_list_of_referents_that_cannot_be_read_is_refused(section: dict[str, object], said: str):
    with pytest.raises(DataError, match=said):
        Referents.of_settings(section)


SIGN_IN = {
    "redirect_uri": "https://ess.petr.example/oauth2callback",
    "cookie_secret": "0123456789abcdef" * 2,
    "client_id": "annuaire",
    "client_secret": "secret",
    "server_metadata_url": "https://identite.example/.well-known/openid-configuration",
}


def test_a_sign_in_well_set_is_accepted_in_the_open_and_on_this_machine():
    access.check_sign_in(SIGN_IN)
    access.check_sign_in(SIGN_IN | {"redirect_uri": "http://localhost:8501/oauth2callback"})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_secret": ""}, "il manque client_secret"),
        ({"client_id": None}, "il manque client_id"),
        ({"cookie_secret": "court"}, "cookie_secret"),
        ({"server_metadata_url": "http://identite.example/x"}, "server_metadata_url ne commence pas par https"),
        ({"redirect_uri": "http://ess.petr.example/oauth2callback"}, "redirect_uri ne commence pas par https"),
        ({"redirect_uri": "http://[::1/oauth2callback"}, "redirect_uri ne commence pas par https"),
        ({"redirect_uri": "https://ess.petr.example/"}, "oauth2callback"),
    ],
)
def test_a_sign_in_that_lacks_something_or_travels_in_clear_is_refused(changed: dict[str, object], said: str):
    with pytest.raises(DataError, match=said):
        access.check_sign_in(SIGN_IN | changed)
