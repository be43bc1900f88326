"""The one folium map: what it writes is inert for Jinja, for JavaScript and for HTML."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import folium
import numpy as np
import pytest
from branca.element import MacroElement
from jinja2 import Template

from esscarto.cartography.map import Apply, base_map, inert_json, pack_mask

URL = "../esscarto.ui.assets.fichiers/acteurs-0123456789ab.json"
ACTS = ("{{", "{%", "{#", "</", "<!--", "`", "${", "\u2028", "\u2029")


def message_with(text: str) -> dict[str, object]:
    """A message of the real shape, the same text wherever one may stand, keys included."""
    return {
        "fond": {"contours": text, "communes": None},
        "classes": "ab.zn",
        "familles": [text, "association"],
        "ack": 3,
        "vue": {"cle": text, "b": [[49.0, 3.0], [50.0, 4.0]]},
        "sel": text,
        "plan": False,
        "legende": {"titre": text, "classes": [{"k": "a", "c": "#d6efb3", "t": text}]},
        text[:50]: "key",
    }


# ---- inert_json


def test_a_hostile_text_survives_and_nothing_of_it_acts(hostile: str):
    message = message_with(hostile)
    written = inert_json(message)
    assert json.loads(written) == message
    assert [sign for sign in ACTS if sign in written] == []
    assert written.isascii()


def test_jinja_renders_it_as_it_is(hostile: str):
    written = inert_json(message_with(hostile))
    assert Template(written).render() == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{", r'"\u007b\u007b"'),
        ("</script>", r'"\u003c/script\u003e"'),
        ("`${x}`", r'"\u0060\u0024\u007bx\u007d\u0060"'),
        ("L'Étape", r'"L\u0027\u00c9tape"'),
        ("a\\", r'"a\\"'),
        ('"{{"', r'"\"\u007b\u007b\""'),
    ],
)
def test_what_acts_is_written_as_a_json_escape(text: str, written: str):
    assert inert_json(text) == written


def test_the_braces_of_the_json_itself_are_kept():
    assert inert_json({"a": [{"b": 1}], "c": None}) == '{"a":[{"b":1}],"c":null}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_no_json_is_refused(value: float):
    with pytest.raises(ValueError, match="not JSON compliant"):
        inert_json({"x": value})


# ---- pack_mask


@pytest.mark.parametrize(
    ("mask", "packed"),
    [
        ([], b""),
        ([True], b"\x01"),
        ([False, True, False, False, False, False, False, True], b"\x82"),
        ([False] * 8 + [True], b"\x00\x01"),
    ],
)
def test_a_mask_is_packed_lowest_bit_first(mask: list[bool], packed: bytes):
    assert base64.b64decode(pack_mask(np.array(mask, dtype=bool))) == packed


def test_a_mask_is_read_back_as_the_browser_reads_it():
    mask = np.random.default_rng(0).random(250) < 0.3
    encoded = base64.b64decode(pack_mask(mask))
    # esscarto.js: (bytes[i >> 3] >> (i & 7)) & 1
    assert [bool((encoded[i >> 3] >> (i & 7)) & 1) for i in range(250)] == mask.tolist()


# ---- the real map, rendered


def test_rendering_the_map_runs_nothing_and_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str
):
    monkeypatch.chdir(tmp_path)
    drawn = base_map(hostile)
    applied = Apply(message_with(hostile)).add_to(drawn)
    page = drawn.get_root().render()
    assert [drawn.render(), applied.render()] == ["", ""]
    assert list(tmp_path.iterdir()) == []
    assert "esscarto." not in page


def test_even_compiled_twice_by_folium_a_message_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: str
):
    """The second wall: what folium would do to the message, were it rendered after all."""
    monkeypatch.chdir(tmp_path)
    message = message_with(hostile)
    plain = folium.Map(tiles=None)
    MacroElement.render(Apply(message).add_to(plain))
    page = plain.get_root().render()
    assert list(tmp_path.iterdir()) == []
    applied = re.search(r"esscarto\.apply\((.*)\);", page)
    assert applied is not None
    assert json.loads(applied[1]) == message


def test_the_payloads_do_run_where_nothing_makes_them_inert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The proof that the tests above can fail: the same text, through a title of folium, leaves its trace."""
    monkeypatch.chdir(tmp_path)
    plain = folium.Map(tiles=None)
    payload = "{{cycler.__init__.__globals__.os.mkdir(dict(hit=1)|first)}}"
    folium.Marker([49, 3], alt=payload).add_to(plain)
    plain.get_root().render()
    assert [path.name for path in tmp_path.iterdir()] == ["hit"]


WIRE = """
import json, sys
from streamlit_folium import _get_feature_group_string, _get_map_string
from esscarto.cartography.map import Apply, base_map

url, messages = json.load(sys.stdin)
sent = []
for message in messages:
    drawn = base_map(url)
    drawn.get_root().render()
    drawn.render()
    sent.append([_get_map_string(drawn), _get_feature_group_string(Apply(message), drawn)])
print(json.dumps(sent))
"""


@pytest.fixture(scope="module")
def wire(hostile_texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """What streamlit-folium sends to the browser for each hostile message: the map's script, the message's.

    In a process of its own: the component registers itself where it is first imported.
    """
    folder = tmp_path_factory.mktemp("wire")
    asked = json.dumps([URL, [message_with(text) for text in hostile_texts]])
    done = subprocess.run(
        [sys.executable, "-c", WIRE], input=asked, capture_output=True, text=True, cwd=folder, check=True
    )
    return folder, [(script, message) for script, message in json.loads(done.stdout)]


def test_the_script_of_the_map_is_the_same_whatever_the_message(wire: tuple[Path, list[tuple[str, str]]]):
    _, sent = wire
    assert len(sent) > 20
    assert {script for script, _ in sent} == {sent[0][0]}
    assert "esscarto.mount(map_div" in sent[0][0]


def test_the_message_that_is_sent_holds_every_text_and_runs_nothing(
    wire: tuple[Path, list[tuple[str, str]]], hostile_texts: list[str]
):
    folder, sent = wire
    assert list(folder.iterdir()) == []
    for text, (_, script) in zip(hostile_texts, sent, strict=True):
        applied = re.search(r"esscarto\.apply\((.*)\);", script)
        assert applied is not None
        assert json.loads(applied[1]) == message_with(text)


def test_the_script_of_the_map_names_no_host(wire: tuple[Path, list[tuple[str, str]]]):
    _, sent = wire
    assert re.findall(r"https?:", sent[0][0]) == []
