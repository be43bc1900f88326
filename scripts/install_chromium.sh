#!/bin/sh
# Install the system's Chromium for the browser tests, where apt is there and this user is root.
set -eu
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
else
  echo "Les tests de navigateur demandent Chromium : installez le paquet « chromium » de votre système, puis relancez." >&2
  exit 1
fi
