#!/bin/sh
# Lint our front-end files with ESLint where npm is there; the browser tests read them in any case.
set -eu
tools="$1/eslint"
if ! command -v npm >/dev/null; then
  echo "npm absent : la relecture ESLint des fichiers JavaScript est laissée de côté."
  exit 0
fi
[ -x "$tools/node_modules/.bin/eslint" ] || npm install --silent --no-audit --no-fund --no-package-lock --prefix "$tools" eslint@9 >/dev/null
"$tools/node_modules/.bin/eslint" --no-config-lookup --config scripts/eslint.config.mjs src/esscarto/cartography/esscarto.js src/esscarto/offline/*.js src/esscarto/ui/*.js
