"""What the tests of pages share."""

import pytest
import streamlit as st

from esscarto.access import Request

THIS_MACHINE = Request(headers={"host": ("localhost:8501",), "origin": ("http://localhost:8501",)})


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def opened_on_this_machine(monkeypatch: pytest.MonkeyPatch):
    """Streamlit's harness has no connection: say that the browser is on this machine; the mode is the test's choice."""
    monkeypatch.setattr("esscarto.ui.access.request", lambda: THIS_MACHINE)
