"""Where the site is published, as the address of one of its pages tells."""

import pytest

from esscarto.ui.offer import published


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://ess.example.fr/donnees", "https://ess.example.fr"),
        ("https://ess.example.fr/carto/donnees?partie=lettre", "https://ess.example.fr/carto"),
        ("http://127.0.0.1:8501/donnees", ""),
        ("http://localhost/donnees", ""),
        ("http://[::1]:8501/donnees", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_what_is_taken_away_links_to_a_published_site_only(url: str, address: str):
    assert published(url) == address
