"""Read what reaches an organisation: e-mail, telephone, site. What reaches a person is refused."""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from esscarto.french import fold
from esscarto.importing.findings import Fault, Reader, Reading
from esscarto.links import is_phone, phone_digits
from esscarto.privacy import FUNCTIONAL, is_personal_email, personal_data

PERSONAL_EMAIL = Fault(
    "refusee",
    "une adresse nominative ne peut pas être publiée",
    "l’adresse de la structure (contact@, accueil@…)",
    "Donnez l’adresse de la structure, ou laissez la case vide.",
    "",
)
PERSONAL_MOBILE = Fault(
    "refusee",
    "un numéro de mobile est souvent celui d’une personne : il ne peut pas être publié",
    "le numéro fixe de la structure",
    "Donnez le numéro fixe, ou laissez la case vide.",
    "",
)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_BETWEEN = re.compile(r"\s*(?:[/;,\n]|\bou\b|\bet\b)\s*")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d{1,5})?", re.IGNORECASE)


def email_reader(confirmed: Collection[str] = ()) -> Reader:
    """Return the reader of an e-mail address; those in ``confirmed`` were said to be an organisation's own."""
    known = {address.casefold() for address in confirmed}

    def read(cell: str) -> Reading:
        value = cell.strip().removeprefix("mailto:").strip()
        how = "« mailto: » retiré" if value != cell.strip() else ""
        if not _ADDRESS.fullmatch(value):
            return Reading("", faults=(_email_fault(value),))
        if value.casefold() in known:
            return Reading(value, how)
        if is_personal_email(value):
            return Reading("", faults=(PERSONAL_EMAIL,))
        return Reading(value, how, () if _is_functional(value) else (_UNCERTAIN_EMAIL,))

    return read


_UNCERTAIN_EMAIL = Fault(
    "a_regarder",
    "cette adresse pourrait être celle d’une personne",
    "l’adresse de la structure",
    "Vérifiez-la : seule l’adresse de la structure peut être publiée.",
)


def _is_functional(address: str) -> bool:
    """Whether the part before the @ names a function, or the organisation of the domain."""
    local, _, domain = address.casefold().partition("@")
    words = [word.strip("0123456789") for word in fold(local).split()]
    inside = fold(domain).replace(" ", "")
    return any(word in FUNCTIONAL or (len(word) > 2 and word in inside) for word in words)


def _email_fault(value: str) -> Fault:
    parts = [part for part in _BETWEEN.split(value) if part]
    if len(parts) > 1 and all(_ADDRESS.fullmatch(part) for part in parts):
        fit = [part for part in parts if not is_personal_email(part)]
        if not fit:
            return PERSONAL_EMAIL
        return Fault("a_corriger", "il y a plusieurs adresses", "une seule adresse", "Gardez-en une.", fit[0])
    if personal_data(value):
        return PERSONAL_EMAIL
    closed = re.sub(r"\s+", "", value)
    suggestion = closed if closed != value and _ADDRESS.fullmatch(closed) and not is_personal_email(closed) else None
    return Fault(
        "a_corriger",
        "ce n’est pas une adresse électronique",
        "une adresse comme contact@structure.fr",
        "Corrigez-la, ou laissez la case vide.",
        suggestion,
    )


def read_phone(cell: str) -> Reading:
    """Read a telephone number: ten digits, or a short number; a French mobile is refused."""
    value = " ".join(unicodedata.normalize("NFKC", cell).split())
    numbers = [phone_digits(part) for part in _BETWEEN.split(value) if any(map(str.isdigit, part))]
    if any(re.fullmatch("0?[67][0-9]{8}", number) for number in numbers) or personal_data(value):
        return Reading("", faults=(PERSONAL_MOBILE,))
    if len(numbers) == 1:
        number = numbers[0]
        if is_phone(number):
            return Reading(value)
        if re.fullmatch("[1-589][0-9]{8}", number):
            found = _spaced(f"0{number}")
            fault = Fault(
                "a_corriger", "le zéro du début s’est perdu", "dix chiffres", "Remettez-le.", found, sure=True
            )
            return Reading("", faults=(fault,))
    elif numbers and all(re.fullmatch("0[1-589][0-9]{8}", number) for number in numbers):
        fault = Fault("a_corriger", "il y a plusieurs numéros", "un seul numéro", "Gardez-en un.", _spaced(numbers[0]))
        return Reading("", faults=(fault,))
    fault = Fault(
        "a_corriger", "ce n’est pas un numéro de téléphone", "dix chiffres", "Corrigez-le, ou laissez la case vide."
    )
    return Reading("", faults=(fault,))


def _spaced(digits: str) -> str:
    return " ".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def read_site(cell: str) -> Reading:
    """Read the address of a site: http or https, a host, and nothing that hides where it leads."""
    value = re.sub("^https?://", lambda found: found[0].lower(), cell.strip(), flags=re.IGNORECASE)
    fault = _site_fault(value)
    how = "écriture remise en ordre" if value != cell else ""
    return Reading("", faults=(fault,)) if fault else Reading(value, how)


def _site_fault(value: str) -> Fault | None:
    expected = "une adresse comme https://structure.fr"
    mend = "Corrigez-la, ou laissez la case vide."
    if re.search(r"\s", value):
        parts = [part for part in value.split() if not _site_fault(part)]
        return Fault("a_corriger", "cette adresse contient une espace", expected, mend, parts[0] if parts else None)
    try:
        address = urlsplit(value)
        host = address.hostname or ""
        port_holds = address.port is None or address.port > 0
    except ValueError:
        return Fault("a_corriger", "cette adresse n’est pas lisible", expected, mend)
    if address.scheme.lower() not in ("http", "https"):
        if re.match("[a-z]+:", value, re.IGNORECASE) and not _HOST.match(value):
            problem = f"une adresse en « {address.scheme}: » n’est pas admise"
            return Fault("a_corriger", problem, "http ou https", mend)
        known = _HOST.match(value) and "@" not in value and not _site_fault(f"https://{value}")
        suggestion = f"https://{value}" if known else None
        return Fault("a_corriger", "le début de l’adresse manque", expected, mend, suggestion, sure=bool(known))
    if address.username is not None or not port_holds or not host:
        return Fault("a_corriger", "cette adresse cache où elle mène", expected, mend)
    if not _HOST.fullmatch(host):
        return Fault("a_corriger", "cette adresse n’a pas de nom de domaine", expected, mend)
    if not host.isascii() and not all(
        unicodedata.name(char, "").startswith("LATIN") for char in host if char.isalpha()
    ):
        return Fault("a_corriger", "ce nom de domaine imite un autre alphabet", expected, mend)
    return None


def text_fault(text: str) -> Fault | None:
    """Return the fault of a free text in which a person's address or number was left, None when there is none."""
    found = personal_data(text)
    if not found:
        return None
    base = PERSONAL_MOBILE if "mobile" in found else PERSONAL_EMAIL
    return Fault(base.level, f"ce texte contient {found.partition(' ;')[0]}", base.expected, "Retirez-le du texte.")
