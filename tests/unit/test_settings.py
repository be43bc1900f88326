"""Where the site's files stand."""

from pathlib import Path

import pytest

from esscarto import settings


def test_the_site_holds_what_the_application_opens():
    assert settings.APP.is_file()
    assert settings.MAIN_SCRIPT.is_file()
    assert (settings.PAGES / "carte.py").is_file()
    assert (settings.SCHEMAS / "acteurs.schema.json").is_file()


def test_the_data_are_those_shipped_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ESSCARTO_DATA", raising=False)
    assert settings.data_dir() == settings.SITE / "data"
    assert (settings.data_dir() / "actors.csv").is_file()


def test_the_environment_can_point_at_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("ESSCARTO_DATA", str(tmp_path))
    assert settings.data_dir() == tmp_path


def test_an_empty_variable_is_no_folder(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESSCARTO_DATA", "")
    assert settings.data_dir() == settings.SITE / "data"
