"""A page run by Streamlit's own harness, and what it says."""

import html
import re
import unicodedata

from streamlit.testing.v1 import AppTest

from esscarto import settings


def open_page(page: str, **query: str) -> AppTest:
    """Open one page of the application, at an address."""
    app = AppTest.from_file(str(settings.MAIN_SCRIPT), default_timeout=60).run()
    app.switch_page(str(settings.PAGES / f"{page}.py"))
    for key, value in query.items():
        app.query_params[key] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """Return the page once it is sure that nothing failed, in a trace or in words."""
    assert not app.exception, app.exception
    assert not app.error, app.error
    assert "ess-erreur" not in raw(app), text_of(app)
    return app


def raw(app: AppTest) -> str:
    """Return the HTML that the page draws."""
    return " ".join(element.proto.body for element in app.get("html"))


def text_of(app: AppTest) -> str:
    """Return all that the page writes: tags dropped, narrow and no-break spaces as plain ones."""
    return plain(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", raw(app), flags=re.DOTALL)))


def plain(text: str) -> str:
    """Write every space alike."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text))
