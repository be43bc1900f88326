"""The command line: `esscarto serve`, `esscarto geo build`, `esscarto check`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from esscarto import __version__
from esscarto.errors import DataError
from esscarto.french import count
from esscarto.settings import APP, data_dir


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 when done, 1 when the data must be mended."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.data:
        os.environ["ESSCARTO_DATA"] = str(chosen.data.resolve())
    try:
        return chosen.run(chosen)
    except DataError as error:
        print(f"esscarto : {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="esscarto", description="La carte, les chiffres et l’annuaire de l’ESS d’un PETR."
    )
    parser.add_argument("--version", action="version", version=f"esscarto {__version__}")
    parser.add_argument("--data", type=Path, help="dossier des données (par défaut : celui qui est livré)")
    commands = parser.add_subparsers(required=True, metavar="commande")

    serve = commands.add_parser("serve", help="ouvrir l’application")
    serve.add_argument("--port", type=int, default=8501, help="port d’écoute (8501)")
    serve.add_argument("--address", default="127.0.0.1", help="adresse d’écoute (127.0.0.1 : cette machine seulement)")
    serve.set_defaults(run=_serve)

    check = commands.add_parser("check", help="vérifier les données")
    check.set_defaults(run=_check)

    geo = commands.add_parser("geo", help="les contours").add_subparsers(required=True, metavar="action")
    build = geo.add_parser(
        "build", help="refaire data/geo à partir des deux paquets publics, ou de contours IGN ou Etalab"
    )
    build.add_argument(
        "packages",
        nargs="+",
        type=Path,
        help="fichiers obtenus par scripts/fetch_geo_sources.sh, ou contours",
    )
    build.add_argument("--regions", nargs="*", help="codes des régions de contexte (par défaut : data/geo/scope.csv)")
    build.set_defaults(run=_build)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    print(f"esscarto s’ouvre sur http://{chosen.address}:{chosen.port} (Ctrl+C pour arrêter)", flush=True)
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    options = ["--server.port", str(chosen.port), "--server.address", chosen.address]
    try:
        return subprocess.call([*command, *options])
    except KeyboardInterrupt:
        return 0


def _check(_: argparse.Namespace) -> int:
    from esscarto.site import load_site

    site = load_site(data_dir())
    found = [f"{table}, {problem}" for table, problems in site.problems.items() for problem in problems]
    found += [f"actors.csv, {finding.actor} : {finding.message}" for finding in site.actors.findings]
    for line in found:
        print(line)
    print(
        f"{count(len(site.actors), 'acteur lu', 'acteurs lus')}, "
        f"{count(sum(map(len, site.problems.values())), 'valeur', 'valeurs')} à corriger, "
        f"{count(len(site.actors.findings), 'lieu', 'lieux')} à regarder."
    )
    return 1 if any(site.problems.values()) else 0


def _build(chosen: argparse.Namespace) -> int:
    from esscarto.storage.geo_build import build

    result = build(chosen.packages, data_dir() / "geo", regions=chosen.regions or None)
    print(result.summary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
