"""The one exception a user may read."""

import pytest

from esscarto.errors import DataError


@pytest.mark.parametrize(
    ("where", "remedy", "text"),
    [
        ("", "", "il manque la colonne « nom »."),
        ("actors.csv", "", "il manque la colonne « nom » (actors.csv)."),
        ("", "Ajoutez-la.", "il manque la colonne « nom ». Ajoutez-la."),
        ("actors.csv", "Ajoutez-la.", "il manque la colonne « nom » (actors.csv). Ajoutez-la."),
    ],
)
def test_an_error_says_what_where_and_what_to_do(where: str, remedy: str, text: str):
    error = DataError("il manque la colonne « nom »", where, remedy)
    assert str(error) == text
    assert (error.message, error.where, error.remedy) == ("il manque la colonne « nom »", where, remedy)
