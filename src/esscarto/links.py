"""Which texts may become links: plain web and mail addresses, nothing else."""

import re

_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][^\s\"'<>]*)?")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def web(text: str) -> str:
    """Return a text that is an http(s) address to a plain host, else an empty text."""
    return text if _WEB.fullmatch(text) else ""


def mail(text: str) -> str:
    """Return a text that is one plain mail address, else an empty text."""
    return text if _MAIL.fullmatch(text) else ""
