"""What of a register may enter the directory: never the name, the home or the address of a person."""

import re
from urllib.parse import urlsplit

from esscarto.french import clean, fold
from esscarto.links import is_phone, phone_digits
from esscarto.privacy import FUNCTIONAL, is_personal_email, personal_data

# Where the street of an address begins, behind « CHEZ MADAME … », a building or a hamlet.
_STREET_WORDS = """
allee allees avenue av boulevard bd chaussee chemin che cite clos cour cours esplanade faubourg fg grande grand
hameau impasse imp lieu lieudit lotissement lot mail montee parc parvis passage place pl promenade quai residence
rond route rte rue ruelle sente sentier square sq traverse venelle villa village voie za zac zi zone
"""
_STREETS = frozenset(_STREET_WORDS.split())
_NUMBER = re.compile(r"\d{1,4}-?(?:bis|ter|quater|[a-d])?", re.IGNORECASE)
_BIS = r"(?:bis|ter|quater|[a-d])"
_BOX_WORDS = """
appartement appt apt bat batiment bloc bp cs esc escalier etage lot porte tsa
"""
_BOXES = frozenset(_BOX_WORDS.split())
# Whose home it is, behind the street; « rue de la Madame » is a street.
_SOMEBODY = re.compile(
    r"\s*(?:\b(?:chez|c/o)\b|(?<!\bde )(?<!\bdu )(?<!\bla )\b(?:m|mm|mr|mme|mlle|monsieur|madame|mademoiselle)\b).*",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def street(address: str, postal_code: str = "") -> str:
    """Return the number and street of an address, without what comes before them and from the postal code on.

    An association may have its seat at somebody's: « CHEZ MME … » is left out. Without a street that can be told
    apart, "" is returned.
    """
    text = " ".join(clean(address).split())
    if postal_code and f" {postal_code}" in f" {text}":
        text = f" {text}"[: f" {text}".rindex(f" {postal_code}")].strip()
    words = text.split()
    start = _where_the_street_begins(words)
    found = _SOMEBODY.sub("", " ".join(words[start:])).strip(" ,") if start is not None else ""
    # « 6 RUE » is what remains of « 6 RUE MADAME »: nothing that can be found.
    return found if len([word for word in found.split() if not _NUMBER.fullmatch(word)]) > 1 else ""


def _where_the_street_begins(words: list[str]) -> int | None:
    """Return the place of the number before a word of street, else of this word, else of a number of house."""
    bare = [fold(word) for word in words]
    streets = [place for place, word in enumerate(bare) if word in _STREETS]
    for place in streets:
        before = place - 1
        if before > 0 and re.fullmatch(_BIS, bare[before]):
            before -= 1
        if before >= 0 and _NUMBER.fullmatch(words[before].rstrip(",")):
            return before
    if streets:
        return streets[0]
    for place, word in enumerate(words[:-1]):
        if _NUMBER.fullmatch(word.rstrip(",")) and (place == 0 or bare[place - 1] not in _BOXES):
            return place
    return None


def organisation_email(address: str, name: str) -> str:
    """Return an e-mail address that is an organisation's, "" when it may be a person's.

    It is one when nothing stands before the @ but words that name a function or a body, or that are in the name of the
    organisation: ``contact@``, ``ressourcerie.peronne@``. A register mixes both sorts: in doubt, nothing is kept.
    """
    text = address.strip().lower()
    if not _EMAIL.fullmatch(text) or is_personal_email(text):
        return ""
    local = re.sub(r"\d", "", fold(text.partition("@")[0]))
    words = fold(name).split()
    initials = "".join(word[0] for word in words)
    if local in (initials, "".join(words)):
        return text
    known = sorted({*FUNCTIONAL, *(word for word in words if len(word) > 3)}, key=len, reverse=True)
    left = re.sub("|".join(map(re.escape, known)), " ", local)
    own = any(word in local for word in known)
    return text if own and not left.strip() else ""


def organisation_phone(number: str) -> str:
    """Return a telephone number, "" for a mobile one (06, 07), which is often a person's."""
    text = " ".join(clean(number).split())
    # A short number, in a register, is more often a truncated one.
    whole = is_phone(text) and len(phone_digits(text)) == 10
    return text if whole and personal_data(text) is None else ""


def web_site(address: str) -> str:
    """Return an address of the web that can be written in the directory, "" for anything else."""
    text = clean(address).strip()
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    plain = parts.scheme in ("http", "https") and "." in parts.netloc and "@" not in parts.netloc
    return text if plain and not any(map(str.isspace, text)) else ""


def is_named_after_nobody(name: str) -> bool:
    """Whether a name can be shown: it is one, and the register does not hide it (``[ND]``)."""
    return bool(clean(name)) and "[ND]" not in name.upper()
