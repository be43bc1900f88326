"""Which texts may become links: plain web and mail addresses, telephone numbers, nothing else."""

import ipaddress
import re
from urllib.parse import urlsplit

_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][^\s\"'<>]*)?")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def web(text: str) -> str:
    """Return a text that is an http(s) address to a plain host, else an empty text."""
    return text if _WEB.fullmatch(text) else ""


def phone_digits(text: str) -> str:
    """Return the digits of a telephone number, the prefix of France written as a zero."""
    plain = re.sub(r"^\s*(?:\+|00)\s*33\s*(?:\(0\))?", "0", text)
    digits = re.sub("[^0-9]", "", plain)
    return f"0{digits.lstrip('0')}" if plain != text else digits


def is_phone(text: str) -> bool:
    """Whether a text holds one telephone number of France: ten digits, or a short public number (3949, 116 117)."""
    return bool(re.fullmatch("0[1-9][0-9]{8}|[13][0-9]{3}|11[68][0-9]{3}", phone_digits(text)))


def mail(text: str) -> str:
    """Return a text that is one plain mail address, else an empty text."""
    return text if _MAIL.fullmatch(text) else ""


def public(address: str) -> str:
    """Return the address of a site that another machine may open, else an empty text: never that of this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        own = ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        own = host == "localhost" or host.endswith(".localhost")
    return address if parts.scheme in ("http", "https") and host and not own else ""
