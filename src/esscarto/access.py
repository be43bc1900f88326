"""Who may change the directory: the machine's own user, a referent who signed in, or nobody."""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from esscarto.errors import DataError

MODES = {
    "local": "l’utilisateur de cette machine peut modifier",
    "oidc": "les référents se connectent par un fournisseur d’identité (OIDC)",
    "proxy": "un serveur mandataire de confiance dit qui est référent",
    "lecture": "personne ne modifie ; les visiteurs proposent",
}
"""How the server decides who may edit, chosen by ``ESSCARTO_ACCESS``; the safest is the default."""

SECRET_MIN = 16
"""Fewest characters of the secret that a trusted proxy shows."""

SIGNED_IN_FOR = timedelta(hours=12)
"""How long a sign-in is worth: Streamlit keeps its cookie for thirty days, longer than some posts last."""

ROLE_HEADER, SECRET_HEADER = "x-esscarto-role", "x-esscarto-secret"

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TOLD_BY_PROXIES = ("forwarded", "x-forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
_NEEDED_TO_SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_AS_VISITOR = "Vous pouvez consulter et proposer."
_CLOSED = "Jusque-là, personne ne modifie."


def default_mode(address: str) -> str:
    """Return the mode of a server that listens on an address: its own user edits, a network only reads."""
    return "local" if address in _LOOPBACK else "lecture"


def check_mode(said: str) -> str:
    """Return a mode of :data:`MODES`, or raise ``DataError`` when the word is none of them."""
    if said not in MODES:
        raise DataError(
            f"Le mode d’accès « {said} » n’existe pas",
            "variable ESSCARTO_ACCESS",
            f"Les modes sont : {', '.join(MODES)}. {_CLOSED}",
        )
    return said


def check_secret(said: str) -> str:
    """Return the secret of the trusted proxy, or raise ``DataError`` when nobody should rely on it."""
    if len(said) < SECRET_MIN or not (said.isascii() and said.isprintable()) or said != said.strip():
        raise DataError(
            f"Le secret du serveur mandataire manque, ou n’a pas {SECRET_MIN} caractères simples",
            "variable ESSCARTO_PROXY_SECRET",
            f"Donnez le même secret, tiré au hasard, au serveur mandataire et à l’application. {_CLOSED}",
        )
    return said


def check_sign_in(settings: Mapping[str, Any]) -> None:
    """Check the section ``[auth]`` of the secrets, or raise ``DataError`` with what is missing or unsafe."""
    where = "secrets.toml, section [auth]"
    missing = [name for name in _NEEDED_TO_SIGN_IN if not _is_text(settings.get(name)) or not settings[name].strip()]
    if missing:
        raise DataError(f"La connexion n’est pas réglée : il manque {', '.join(missing)}", where, _CLOSED)
    if len(settings["cookie_secret"]) < 2 * SECRET_MIN:
        raise DataError(
            f"Le secret des témoins de connexion (cookie_secret) a moins de {2 * SECRET_MIN} caractères",
            where,
            f"Tirez-en un au hasard. {_CLOSED}",
        )
    for name in ("server_metadata_url", "redirect_uri"):
        scheme, _, rest = settings[name].partition("://")
        if scheme != "https" and not _is_loopback(_host_name(rest.partition("/")[0])):
            raise DataError(f"L’adresse {name} ne commence pas par https://", where, _CLOSED)
    if not settings["redirect_uri"].endswith("/oauth2callback"):
        raise DataError("L’adresse redirect_uri ne finit pas par /oauth2callback", where, _CLOSED)


@dataclass(frozen=True)
class Person:
    """Who is before the screen, by role, never by name.

    Attributes
    ----------
    role : str
        A key of ``journal.EDITORS``; empty for a visitor.
    why : str
        Why this person is only a visitor, in French, when that may surprise.
    """

    role: str = ""
    why: str = ""

    @property
    def may_edit(self) -> bool:
        """Whether this person changes the directory; a visitor proposes."""
        return bool(self.role)


VISITOR = Person()
LOCAL = Person("local")
REFERENT = Person("referent")


@dataclass(frozen=True)
class Request:
    """What is known of a connection.

    Attributes
    ----------
    peer : str
        The address at the other end; empty for this machine, as Streamlit says it.
    headers : mapping
        Name in small letters -> every value received under it.
    """

    peer: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def only(self, name: str) -> str:
        """Return the value of a header given once; empty when there is none, or several."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else ""


def person_here(request: Request) -> Person:
    """Return who opens a server in mode ``local``: its own user, or a visitor.

    The machine's user speaks from the machine, to a name of the machine, from a page of this very server, and
    through no proxy. A missing ``Host`` or ``Origin`` is a refusal: every browser sends them. The name guards against
    DNS rebinding, where a page of elsewhere makes its own name lead to 127.0.0.1.
    """
    host = request.only("host")
    if any(name.startswith(_TOLD_BY_PROXIES) for name in request.headers):
        said = "passe par un serveur mandataire"
    elif not _is_loopback(request.peer or "127.0.0.1"):
        said = "vient d’une autre machine"
    elif not _is_loopback(_host_name(host)) or request.only("origin") not in (f"http://{host}", f"https://{host}"):
        said = "n’utilise pas l’adresse de cette machine (http://localhost ou http://127.0.0.1)"
    else:
        return LOCAL
    return Person(
        why=f"Ici, l’annuaire se modifie depuis la machine qui le sert, et votre demande {said}. {_AS_VISITOR}"
    )


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def person_of_proxy(request: Request, secret: str) -> Person:
    """Return who a trusted proxy says is there.

    Parameters
    ----------
    request : Request
        The proxy adds ``X-Esscarto-Role: referent`` for a referent, and always ``X-Esscarto-Secret``.
    secret : str
        What the proxy must show.

    Raises
    ------
    DataError
        The secret is missing or too short.
    """
    expected = check_secret(secret)
    if ROLE_HEADER not in request.headers:
        return VISITOR
    if not hmac.compare_digest(request.only(SECRET_HEADER).encode(), expected.encode()):
        return Person(why=f"Le serveur mandataire n’a pas montré le bon secret. {_AS_VISITOR}")
    return REFERENT if request.only(ROLE_HEADER) == REFERENT.role else VISITOR


@dataclass(frozen=True)
class Referents:
    """Whom the operator of the site calls referents.

    Attributes
    ----------
    emails, domains : frozenset of str
        Addresses, and what follows the at sign, in small letters.
    claims : mapping
        Name of a claim of the identity provider -> the values that make a referent.
    """

    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    claims: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_settings(cls, settings: Mapping[str, Any]) -> "Referents":
        """Read the section ``[esscarto]`` of the secrets: ``referents``, ``domaines``, ``revendications``.

        Raises
        ------
        DataError
            A value is not a list of texts, or nobody would be a referent.
        """
        claims = settings.get("revendications", {})
        if not isinstance(claims, Mapping):
            raise _unreadable("revendications")
        found = cls(
            frozenset(text.casefold() for text in _texts(settings, "referents")),
            frozenset(text.casefold().removeprefix("@") for text in _texts(settings, "domaines")),
            {name: frozenset(_texts(claims, name)) for name in claims},
        )
        if not (found.emails or found.domains or any(found.claims.values())):
            raise DataError(
                "Aucun référent n’est désigné",
                "secrets.toml, section [esscarto]",
                f"Donnez « referents », « domaines » ou « revendications ». {_CLOSED}",
            )
        return found

    def includes(self, identity: Mapping[str, Any]) -> bool:
        """Whether the claims of a signed-in person are those of a referent; an unverified address is no proof."""
        for name, wanted in self.claims.items():
            value = identity.get(name)
            if wanted.intersection(filter(_is_text, value if isinstance(value, list | tuple) else [value])):
                return True
        email = identity.get("email")
        if identity.get("email_verified") is not True or not isinstance(email, str):
            return False
        local, _, domain = email.casefold().rpartition("@")
        return bool(local) and (email.casefold() in self.emails or domain in self.domains)


def _texts(settings: Mapping[str, Any], name: str) -> list[str]:
    said = settings.get(name, [])
    texts = [said] if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(_is_text(text) and text.strip() for text in texts):
        raise _unreadable(name)
    return [text.strip() for text in texts]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _unreadable(name: str) -> DataError:
    return DataError(
        f"Le réglage « {name} » n’est pas une liste de textes",
        "secrets.toml, section [esscarto]",
        f'Écrivez par exemple {name} = ["…"]. {_CLOSED}',
    )


def person_signed_in(identity: Mapping[str, Any], referents: Referents, now: datetime) -> Person:
    """Return who an identity provider says is there.

    Parameters
    ----------
    identity : mapping
        The claims of the identity token, and ``is_logged_in``, as ``st.user`` gives them.
    referents : Referents
        Who may edit.
    now : datetime
        The time, with its zone.

    Notes
    -----
    Nothing of the identity is kept: what comes out is a role.
    """
    if identity.get("is_logged_in") is not True:
        return VISITOR
    issued = identity.get("iat")
    if not isinstance(issued, int | float) or now.timestamp() - issued > SIGNED_IN_FOR.total_seconds():
        hours = SIGNED_IN_FOR // timedelta(hours=1)
        return Person(why=f"Votre connexion date de plus de {hours} heures : déconnectez-vous, puis reconnectez-vous.")
    if referents.includes(identity):
        return REFERENT
    return Person(
        why=f"Vous êtes connecté, mais votre compte n’est pas celui d’un référent de l’annuaire. {_AS_VISITOR}"
    )
