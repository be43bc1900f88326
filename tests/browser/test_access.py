"""Who may edit, on a real server: by the headers of the connection, and by a sign-in through a real provider."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving
from tests.servers.oidc_provider import CLIENT, CLIENT_SECRET, provider
from tests.servers.session import session

pytestmark = pytest.mark.browser

SECRET = "un-secret-partage-au-mandataire"
REFERENT = {"X-Esscarto-Role": "referent", "X-Esscarto-Secret": SECRET}


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def role(drawn: str) -> str:
    found = re.search(r"Vous êtes ici comme\s: ([^.]+)\.", drawn)
    return found[1] if found else ""


# ---- local: the machine's own user


@pytest.mark.parametrize(
    ("host", "headers", "expected"),
    [
        ("127.0.0.1", {"Origin": "http://127.0.0.1:{port}"}, "utilisateur de cette machine"),
        ("localhost", {"Origin": "http://localhost:{port}"}, "utilisateur de cette machine"),
        ("127.0.0.1", {}, ""),
        ("127.0.0.1", {"Origin": "http://localhost:1"}, ""),
        ("rebinding.example", {"Origin": "http://rebinding.example:{port}"}, ""),
        ("localhost", {"Origin": "http://localhost:{port}", "X-Forwarded-For": "127.0.0.1"}, ""),
        ("localhost", {"Origin": "http://localhost:{port}", "Via": "1.1 mandataire"}, ""),
    ],
)
def test_only_a_browser_of_this_machine_edits_a_local_server(app: str, host: str, headers: dict[str, str], expected):
    port = port_of(app)
    headers = {name: value.format(port=port) for name, value in headers.items()}
    with session(port, headers, host) as opened:
        drawn = opened.open("donnees")
    assert "fiches, chacune avec sa source" in drawn
    assert role(drawn) == expected


# ---- proxy


@pytest.fixture(scope="module")
def behind_a_proxy() -> Iterator[int]:
    with serving(ESSCARTO_ACCESS="proxy", ESSCARTO_PROXY_SECRET=SECRET) as address:
        yield port_of(address)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (REFERENT, "référent de l’annuaire"),
        ({}, ""),
        ({"X-Esscarto-Secret": SECRET}, ""),
        ({"X-Esscarto-Role": "referent"}, ""),
        (REFERENT | {"X-Esscarto-Secret": SECRET[:-1]}, ""),
        (REFERENT | {"X-Esscarto-Role": "local"}, ""),
        (REFERENT | {"X-Esscarto-Role": "import"}, ""),
    ],
)
def test_a_role_counts_only_with_the_secret_of_the_proxy(behind_a_proxy: int, headers: dict[str, str], expected: str):
    with session(behind_a_proxy, headers) as opened:
        assert role(opened.open("donnees")) == expected


def test_a_visitor_sends_no_file_and_a_referent_none_above_the_limit(behind_a_proxy: int):
    def send(identifier: str, size: int, **more: str) -> int:
        with httpx.Client(base_url=f"http://127.0.0.1:{behind_a_proxy}", trust_env=False) as client:
            token = client.get("/_stcore/health").cookies.get("_streamlit_xsrf", "")
            answer = client.put(
                f"/_stcore/upload_file/{identifier}/essai",
                files={"f": ("lignes.csv", b"x" * size, "text/csv")},
                headers={"X-Xsrftoken": token, **more},
            )
            return answer.status_code

    with session(behind_a_proxy, {}) as visitor, session(behind_a_proxy, REFERENT) as referent:
        visitor.open("donnees")
        referent.open("donnees")
        assert send(visitor.identifier, 1000) == 403
        assert send(referent.identifier, 1000) == 204
        assert send(referent.identifier, 1000, **{"X-Xsrftoken": "faux"}) == 403
        assert send(referent.identifier, 10 * 2**20 + 1) == 413


# ---- oidc


@pytest.fixture(scope="module")
def signing_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    secrets: Path = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    with provider() as service:
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
            cookie_secret = "{"temoin-" * 6}"
            client_id = "{CLIENT}"
            client_secret = "{CLIENT_SECRET}"
            server_metadata_url = "{service.url}/.well-known/openid-configuration"
            [esscarto]
            referents = ["Annuaire@petr.example"]
            """,
            encoding="utf-8",
        )
        with serving(ESSCARTO_ACCESS="oidc", STREAMLIT_SECRETS_FILES=str(secrets), NO_PROXY="127.0.0.1") as address:
            yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="fr-FR", reduced_motion="reduce")
    opened = context.new_page()
    refused: list[str] = []
    opened.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    yield opened
    context.close()
    assert refused == [], "the policy of the page stopped the sign-in"


def parts(page: Page) -> list[str]:
    expect(page.get_by_role("heading", name="L’annuaire, tenu à jour")).to_be_visible()
    return page.get_by_role("radiogroup", name="Partie").get_by_role("radio").all_inner_texts()


def sign_in(page: Page, address: str, account: str) -> None:
    page.goto(f"{address}/donnees")
    page.get_by_role("button", name="Se connecter (référents)").click()
    page.get_by_role("button", name=account).click()
    page.wait_for_url(f"{address}/donnees")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()


def test_a_referent_signs_in_edits_and_signs_out(signing_in: str, page: Page):
    page.goto(f"{signing_in}/donnees")
    expect(page.get_by_role("button", name="Se connecter (référents)")).to_be_visible()
    assert "Modifier" not in parts(page)

    sign_in(page, signing_in, "referente")
    expect(page.get_by_text("Vous êtes ici comme")).to_contain_text("référent de l’annuaire")
    assert "Modifier" in parts(page)
    assert "petr.example" not in page.content(), "the address of a person is shown nowhere"

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("button", name="Se connecter (référents)")).to_be_visible()
    assert page.url == f"{signing_in}/donnees"
    assert "Modifier" not in parts(page)
    assert [cookie["name"] for cookie in page.context.cookies() if "user" in cookie["name"]] == []


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("inconnue", "votre compte n’est pas celui d’un référent"),
        ("usurpation", "votre compte n’est pas celui d’un référent"),
        ("ancienne", "Votre connexion date de plus de 12 heures"),
    ],
)
def test_somebody_else_who_signs_in_stays_a_visitor_and_is_told_why(signing_in: str, page: Page, account, said):
    sign_in(page, signing_in, account)
    expect(page.get_by_text(said)).to_be_visible()
    assert "Modifier" not in parts(page)


def test_a_cookie_that_somebody_made_is_worth_nothing(signing_in: str, page: Page):
    sign_in(page, signing_in, "inconnue")
    forged = next(cookie for cookie in page.context.cookies() if cookie["name"] == "_streamlit_user")
    page.context.add_cookies([forged | {"value": forged["value"][:-3] + "aaa"}])
    page.goto(f"{signing_in}/donnees")
    expect(page.get_by_role("button", name="Se connecter (référents)")).to_be_visible()
    assert "Modifier" not in parts(page)


# ---- a server badly set


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"ESSCARTO_ACCESS": "oidc", "STREAMLIT_SECRETS_FILES": "/nulle/part.toml"}, "secrets.toml manque"),
        ({"ESSCARTO_ACCESS": "lecture"}, "Chacun peut proposer"),
    ],
)
def test_without_its_settings_a_server_only_reads_and_says_so(variables: dict[str, str], said: str):
    with serving(**variables) as address, session(port_of(address), {"Origin": address}) as opened:
        drawn = opened.open("donnees")
    assert said in drawn
    assert role(drawn) == ""
