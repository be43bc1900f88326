#!/bin/sh
# The browsers of the tests: Chromium for the journeys, Firefox for the file that is carried. Installed with apt, as root.
set -eu
wanted=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted="chromium"
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || wanted="$wanted firefox-esr"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted fonts-dejavu-core
else
  echo "Les tests de navigateur demandent Chromium et Firefox : installez$(printf ' « %s »' $wanted), puis relancez." >&2
  exit 1
fi
