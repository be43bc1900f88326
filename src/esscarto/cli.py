"""The command line: `esscarto serve`, `esscarto geo build`, `esscarto check`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from esscarto import __version__
from esscarto.access import MODES, check_mode, check_secret, default_mode
from esscarto.errors import DataError
from esscarto.french import count
from esscarto.settings import APP, data_dir, proxy_secret


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
    serve.add_argument(
        "--access",
        choices=list(MODES),
        help="qui peut modifier l’annuaire (local si l’adresse d’écoute est celle de cette machine, sinon lecture)",
    )
    serve.set_defaults(run=_serve)

    check = commands.add_parser("check", help="vérifier les données, ou un fichier à importer")
    check.add_argument("file", nargs="?", type=Path, help="CSV, XLSX, GeoJSON ou GPKG (sans fichier : les données)")
    check.add_argument("--report", type=Path, help="écrire le rapport du fichier en XLSX")
    check.set_defaults(run=_check)

    geocode = commands.add_parser("geocode", help="donner un point aux adresses d’un fichier")
    geocode.add_argument("file", type=Path, help="CSV, XLSX ou JSON avec une adresse et une commune")
    geocode.add_argument("--out", type=Path, help="fichier à écrire (par défaut : à côté, -geocode.csv)")
    geocode.add_argument(
        "--cache", type=Path, help="réponses gardées (par défaut : geocodage.csv du dossier des données)"
    )
    geocode.add_argument("--offline", action="store_true", help="ne rien demander au réseau")
    geocode.add_argument("--again", action="store_true", help="chercher aussi les lignes qui ont déjà un point")
    geocode.set_defaults(run=_geocode)

    registers = commands.add_parser("import", help="comparer l’annuaire aux registres publics")
    kinds = registers.add_subparsers(required=True, metavar="registre")
    sirene = kinds.add_parser("sirene", help="l’API Recherche d’entreprises, pour un territoire")
    sirene.add_argument("--petr", default="", help="identifiant d’un PETR")
    sirene.add_argument("--epci", nargs="*", default=[], help="SIREN d’EPCI")
    sirene.add_argument("--communes", nargs="*", default=[], help="codes Insee de communes")
    sirene.set_defaults(run=_import_sirene)
    stock = kinds.add_parser("sirene-stock", help="les fichiers stock de Sirene (Parquet)")
    stock.add_argument("companies", type=Path, metavar="UNITES")
    stock.add_argument("establishments", type=Path, metavar="ETABLISSEMENTS")
    stock.add_argument("--ess-france", type=Path, help="la liste nationale, pour y reconnaître l’ESS")
    stock.set_defaults(run=_import_stock)
    for name in ("ess-france", "data-inclusion", "siae"):
        listed = kinds.add_parser(name, help="une liste, depuis un fichier")
        listed.add_argument("file", type=Path, metavar="FICHIER")
        listed.set_defaults(run=_import_list, which=name)
    for kind in kinds.choices.values():
        kind.add_argument("--out", type=Path, help="fichier des propositions à écrire")
        kind.add_argument("--date", default="", help="date de la source (AAAA-MM-JJ)")

    versions = commands.add_parser("versions", help="les versions gardées d’un tableau")
    versions.add_argument("table", nargs="?", default="actors", help="actors par défaut")
    versions.set_defaults(run=_versions)
    restore = commands.add_parser("restore", help="revenir à une version d’un tableau")
    restore.add_argument("number", type=int, help="numéro donné par « esscarto versions »")
    restore.add_argument("table", nargs="?", default="actors", help="actors par défaut")
    restore.set_defaults(run=_restore)

    sheets = commands.add_parser("fiches", help="écrire la fiche de chaque commune en PDF")
    sheets.add_argument("--epci", default="", help="SIREN d’un EPCI : toutes ses communes")
    sheets.add_argument("--petr", default="", help="identifiant d’un PETR : toutes ses communes")
    sheets.add_argument("--commune", nargs="*", default=[], help="codes Insee de communes")
    sheets.add_argument("--out", type=Path, default=Path("fiches"), help="dossier à remplir (fiches)")
    sheets.add_argument("--url", default="", help="adresse du site, imprimée sur chaque fiche")
    sheets.set_defaults(run=_sheets)

    guide = commands.add_parser("pages-vertes", help="écrire le guide des acteurs d’un territoire en PDF")
    guide.add_argument("--petr", default="", help="identifiant d’un PETR")
    guide.add_argument("--epci", default="", help="SIREN d’un EPCI")
    guide.add_argument("--commune", default="", help="code Insee d’une commune")
    guide.add_argument("--departement", default="", help="code d’un département")
    guide.add_argument("--region", default="", help="code d’une région")
    guide.add_argument("--out", type=Path, default=Path("pages-vertes.pdf"), help="fichier à écrire (pages-vertes.pdf)")
    guide.add_argument("--url", default="", help="adresse du site, imprimée sur le guide")
    guide.set_defaults(run=_green_pages)

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
    mode = check_mode(chosen.access or os.environ.get("ESSCARTO_ACCESS") or default_mode(chosen.address))
    if mode == "proxy":
        check_secret(proxy_secret())
    print(f"esscarto s’ouvre sur http://{chosen.address}:{chosen.port} (Ctrl+C pour arrêter)", flush=True)
    print(f"Accès : {MODES[mode]}.", flush=True)
    os.environ["ESSCARTO_ACCESS"] = mode
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    options = ["--server.port", str(chosen.port), "--server.address", chosen.address]
    try:
        return subprocess.call([*command, *options])
    except KeyboardInterrupt:
        return 0


def _check(chosen: argparse.Namespace) -> int:
    if chosen.file:
        return _check_file(chosen.file, chosen.report)
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


def _check_file(path: Path, report: Path | None) -> int:
    from esscarto.importing.file_check import check_file

    return 0 if check_file(path, data_dir(), sys.stdout, report).is_clean else 1


def _geocode(chosen: argparse.Namespace) -> int:
    from esscarto.registers.commands import geocode_file

    return geocode_file(
        chosen.file,
        data_dir(),
        print,
        out=chosen.out,
        cache=chosen.cache,
        online=not chosen.offline,
        again=chosen.again,
    )


def _import_sirene(chosen: argparse.Namespace) -> int:
    from esscarto.registers.commands import import_sirene

    return import_sirene(
        data_dir(), print, petr=chosen.petr, epci=chosen.epci, communes=chosen.communes, out=chosen.out
    )


def _import_stock(chosen: argparse.Namespace) -> int:
    from esscarto.registers.commands import import_stock

    return import_stock(
        chosen.companies,
        chosen.establishments,
        data_dir(),
        print,
        day=chosen.date,
        ess_france=chosen.ess_france,
        out=chosen.out,
    )


def _import_list(chosen: argparse.Namespace) -> int:
    from esscarto.registers.commands import import_list

    return import_list(chosen.which, chosen.file, data_dir(), print, day=chosen.date, out=chosen.out)


def _versions(chosen: argparse.Namespace) -> int:
    from esscarto.journal import versions
    from esscarto.storage.store import FileStore

    kept = versions(FileStore(data_dir()), chosen.table)
    if not kept:
        print("Aucune version gardée : la première le sera à la première modification enregistrée.")
    for version in kept:
        rows = "illisible" if version.rows is None else count(version.rows, "ligne")
        print(
            f"{version.number}  {version.when:%Y-%m-%d %H:%M} UTC  {rows}{'  (en place)' if version.is_current else ''}"
        )
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    from esscarto.journal import restore
    from esscarto.storage.store import FileStore

    snapshot = restore(FileStore(data_dir()), chosen.number, role="ligne_de_commande", table=chosen.table)
    print(f"Version {chosen.number} remise en place : {count(len(snapshot.rows), 'ligne')}.")
    return 0


def _sheets(chosen: argparse.Namespace) -> int:
    import datetime

    from esscarto.documents.sheet_batch import communes, write_sheets
    from esscarto.site import load_site

    def progress(rank: int, total: int, name: str) -> None:
        # One line that fills up on a screen, one line a file in a log.
        if sys.stdout.isatty():
            filled = 30 * rank // total
            bar = f"[{'#' * filled}{'.' * (30 - filled)}] {rank}/{total}"
            print(f"\r{bar}  {name[:60]:60}", end="\n" if rank == total else "", flush=True)
        else:
            print(f"{rank}/{total}  {name}", flush=True)

    site = load_site(data_dir())
    wanted = communes(site, epci=chosen.epci, petr=chosen.petr, codes=chosen.commune)
    files = write_sheets(site, wanted, chosen.out, datetime.date.today(), chosen.url.rstrip("/"), progress)
    print(f"{count(len(files), 'fiche écrite', 'fiches écrites')} dans {chosen.out}.")
    return 0


def _green_pages(chosen: argparse.Namespace) -> int:
    import datetime

    from esscarto.documents.green_pages import wanted, write
    from esscarto.sheets.build import build
    from esscarto.site import load_site

    site = load_site(data_dir())
    levels = ("petr", "epci", "commune", "departement", "region")
    territory = wanted(site, **{level: getattr(chosen, level) for level in levels})
    sheet = build(site, territory, datetime.date.today())
    write(site, sheet, chosen.out, chosen.url.rstrip("/"))
    print(f"{count(sheet.known.total, 'fiche')} de « {sheet.title} » dans {chosen.out}.")
    return 0


def _build(chosen: argparse.Namespace) -> int:
    from esscarto.storage.geo_build import build

    result = build(chosen.packages, data_dir() / "geo", regions=chosen.regions or None)
    print(result.summary())
    return 0


if __name__ == "__main__":
    sys.exit(main())
