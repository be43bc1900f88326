"""A session of Streamlit outside a server, for the modules that hold what the visitor chose."""

from typing import Any

import pytest
import streamlit as st


class Address(dict[str, str]):
    """The query of an address bar, with the two methods of ``st.query_params`` that are used."""

    def to_dict(self) -> dict[str, str]:
        return dict(self)

    def from_dict(self, query: dict[str, str]) -> None:
        self.clear()
        self.update(query)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session of Streamlit outside a server: its state and its address, as plain dictionaries."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", kept)
    monkeypatch.setattr(st, "query_params", Address())
    return kept
