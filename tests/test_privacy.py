"""Nothing personal and nothing of a machine in the files of the project."""

import re
import subprocess
from pathlib import Path

import pytest

from esscarto.privacy import personal_data

ROOT = Path(__file__).resolve().parents[1]
BINARY = {".parquet", ".png", ".jpg", ".gif", ".woff2", ".ico", ".gpkg", ".xlsx", ".zip", ".gz", ".pdf", ".whl", ".tgz"}

# Each pattern is cut so that this file does not hold what it looks for.
PERSON_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[a-z][._-][a-z][a-z-]+@" + r"[a-z0-9-]+\.[a-z.]+", re.IGNORECASE)
# Six and eight zeros are nobody's number: tests may use it.
MOBILE = re.compile(
    r"(?<![\d.,])(?:\+33[\s.\u00a0\u202f]?|0033[\s.]?|0)[67](?!0{8})(?:[\s.\-\u00a0\u202f]?\d{2}){4}(?!\d)"
)
REGISTRY = re.compile(
    r"(?:https?://|@|//)[^/\s\"']*(?:py" + r"pi\.|python" + r"hosted|npm" + r"js|artifact|nexus|jfrog|registry|mirror)"
    r"|(?:extra-)?index-" + r"url|registry\s*=\s*[\"']?http|trusted-" + r"host",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://(?!127\.0\.0\.1|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}")
MACHINE = re.compile(
    r"(?<![\w.:/<-])/(?:ro" + r"ot|ho" + r"me|Us" + r"ers|wo" + r"rk|tm" + r"p|mn" + r"t)/\w|[A-Z]:\\\\?Us" + r"ers"
)


def tracked() -> list[Path]:
    """Return the text files that are in the repository, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name]
    if not paths:  # an archive without its history
        skipped = {".venv", ".git", "__pycache__", "node_modules"}
        paths = [path for path in ROOT.rglob("*") if not skipped & set(path.parts)]
    return sorted(path for path in paths if path.is_file() and path.suffix not in BINARY)


FILES = tracked()


def invented(text: str) -> bool:
    """Tell the addresses and numbers that the tests make up: those that cannot be anybody's."""
    digits = re.sub(r"\D", "", text)
    return text.endswith("@exemple.fr") or (len(digits) >= 10 and not digits[-8:].strip("0"))


def found(pattern: re.Pattern[str]) -> list[str]:
    places = []
    for path in FILES:
        name = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            places += [f"{name}:{number} {match[0]}" for match in pattern.finditer(line) if not invented(match[0])]
    return places


def test_the_files_of_the_project_are_looked_at():
    names = {path.relative_to(ROOT).as_posix() for path in FILES}
    assert {"README.md", "data/actors.csv", "src/esscarto/site.py", "tests/test_privacy.py"} <= names
    assert not any(name.startswith(".venv/") for name in names)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PERSON_MAIL, "Écrire à j." + "dupont@exemple.fr"),
        (PERSON_MAIL, "m-durand" + "@exemple.fr"),
        (MOBILE, "06 12 34" + " 56 78"),
        (MOBILE, "+33 7.12." + "34.56.78"),
        (MOBILE, "0612" + "345678"),
        (REGISTRY, "https://py" + "pi.org/simple"),
        (REGISTRY, "--index-" + "url x"),
        (ADDRESS, "http://10." + "0.0.1/x"),
        (MACHINE, "lu dans /ho" + "me/moi/x"),
        (MACHINE, "'/tm" + "p/x'"),
    ],
)
def test_what_is_looked_for_would_be_seen(pattern: re.Pattern[str], text: str):
    """The proof that the tests below can fail."""
    assert pattern.search(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PERSON_MAIL, "contact@exemple.fr, accueil@exemple.fr, ess@exemple.fr, ressourcerie.peronne@exemple.fr"),
        (MOBILE, "03 23 12 34 56, +33600000000, 3.0671234567, 2607123456789, 49.0612345678"),
        (REGISTRY, "https://pypa.io https://data.geopf.fr"),
        (ADDRESS, "http://127.0.0.1:8501"),
        (MACHINE, "https://exemple.fr/work/x ../tests/x ./home/x"),
    ],
)
def test_what_is_allowed_is_left_alone(pattern: re.Pattern[str], text: str):
    assert not pattern.search(text)


def test_no_mail_address_of_a_person():
    assert found(PERSON_MAIL) == []


def test_no_mobile_phone():
    assert found(MOBILE) == []


@pytest.mark.parametrize("folder", ["data/", "docs/", "schemas/", "README.md"])
def test_nothing_that_the_directory_itself_would_refuse(folder: str):
    """Stricter: here a first name and a name before the @ are a person's too."""
    places = []
    for path in FILES:
        if (name := path.relative_to(ROOT).as_posix()).startswith(folder):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            places += [
                f"{name}:{number} {fault}" for number, line in enumerate(lines, 1) if (fault := personal_data(line))
            ]
    assert places == []


def test_no_host_of_a_package_registry_and_no_bare_address_of_a_machine():
    assert found(REGISTRY) + found(ADDRESS) == []


def test_no_path_of_a_machine():
    assert found(MACHINE) == []
