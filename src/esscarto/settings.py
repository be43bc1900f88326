"""Where the site's files stand: beside the repository's README, or inside the installed wheel."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_site"

SITE = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parents[1]
"""Folder that holds app.py, pages/, data/ and schemas/."""

APP = SITE / "app.py"
PAGES = SITE / "pages"
SCHEMAS = SITE / "schemas"
MAIN_SCRIPT = _PACKAGE / "ui" / "main.py"


def data_dir() -> Path:
    """Return the folder of the data: ``ESSCARTO_DATA`` when set, else the one shipped."""
    return Path(os.environ.get("ESSCARTO_DATA") or SITE / "data")


def access_mode() -> str:
    """Return who may change the directory: ``ESSCARTO_ACCESS``, else nobody (``lecture``)."""
    return os.environ.get("ESSCARTO_ACCESS") or "lecture"


def proxy_secret() -> str:
    """Return what a trusted proxy must show: ``ESSCARTO_PROXY_SECRET``, empty when it is not set."""
    return os.environ.get("ESSCARTO_PROXY_SECRET", "")
