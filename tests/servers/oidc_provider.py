"""An identity provider on a port of this machine: OpenID Connect with a code, PKCE and tokens signed with RS256."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, CLIENT_SECRET = "annuaire", "secret-du-client-pour-les-essais"

ACCOUNTS = {
    "referente": {"email": "annuaire@petr.example", "email_verified": True},
    "inconnue": {"email": "quelqu-un@ailleurs.example", "email_verified": True},
    "usurpation": {"email": "annuaire@petr.example", "email_verified": False},
    "ancienne": {"email": "annuaire@petr.example", "email_verified": True, "iat": int(time.time()) - 13 * 3600},
}
"""Who can sign in: what they choose on the page of the provider -> what it then says of them."""


class Provider:
    """The provider: its key, and the codes that it has given."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "essai", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.url = ""

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def page(self, query: dict[str, str]) -> str:
        """Return the page on which one chooses an account."""
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.items()
        )
        buttons = "".join(f'<button name="compte" value="{name}">{name}</button>' for name in ACCOUNTS)
        return f'<!DOCTYPE html><html lang="fr"><title>Fournisseur</title><form method="post">{hidden}{buttons}</form>'

    def consent(self, form: dict[str, str]) -> str:
        """Return where the browser goes with its code."""
        code = secrets.token_urlsafe()
        self.codes[code] = form
        return f"{form['redirect_uri']}?{urlencode({'code': code, 'state': form['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, object] | None:
        """Return the tokens of a code, once, to the client that asked for it and holds its verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        client = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        proved = asked and challenge.decode().rstrip("=") == asked["code_challenge"]
        if not proved or authorization != f"Basic {client}":
            return None
        now = int(time.time())
        claims = {
            **{"iss": self.url, "aud": CLIENT, "sub": asked["compte"], "nonce": asked["nonce"]},
            **{"iat": now, "exp": now + 300, **ACCOUNTS[asked["compte"]]},
        }
        return {
            "access_token": secrets.token_urlsafe(),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": jwt.encode({"alg": "RS256", "kid": "essai"}, claims, self.key),
        }


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider for the length of the block."""
    service = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query))
            if address.path == "/.well-known/openid-configuration":
                self._json(service.discovery())
            elif address.path == "/jwks":
                self._json({"keys": [service.key.as_dict(private=False)]})
            elif address.path == "/authorize":
                self._answer(200, service.page(query), "text/html; charset=utf-8")
            elif address.path == "/logout":
                self._answer(302, "", location=query["post_logout_redirect_uri"])
            else:
                self._answer(404, "")

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            if urlsplit(self.path).path == "/authorize":
                self._answer(302, "", location=service.consent(form))
                return
            token = service.token(form, self.headers.get("Authorization", ""))
            self._json(token or {"error": "invalid_grant"}, 200 if token else 400)

        def _json(self, value: object, status: int = 200) -> None:
            self._answer(status, json.dumps(value), "application/json")

        def _answer(self, status: int, text: str, kind: str = "text/plain", location: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text.encode())))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(text.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
