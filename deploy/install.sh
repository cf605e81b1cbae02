#!/bin/sh
# Installs from this medium into a folder, without a network: sh install.sh FOLDER [SUM]
# SUM is what `make bundle` printed; with it, nobody can have changed any file on the way.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?"say where to: sh install.sh FOLDER [SUM]"}
python=${PYTHON:-$(basename "$here" | sed -n 's/.*-\(python3\.[0-9]*\)$/\1/p')}
python=${python:-python3}

cd "$here"
if [ -n "${2:-}" ] && ! echo "$2  SHA256SUMS" | sha256sum --check --status; then
  echo "Nothing was installed: the list of sums is not the one that was sent." >&2
  exit 1
fi
if ! sha256sum --check --quiet --strict SHA256SUMS; then
  echo "Nothing was installed: a file on this medium is not as it was made." >&2
  exit 1
fi
# A file that the list does not name could be installed in the place of another one.
if [ "$(find . -type f ! -name SHA256SUMS | wc -l)" -ne "$(wc -l < SHA256SUMS)" ]; then
  echo "Nothing was installed: there are files on this medium that the list of sums does not name." >&2
  exit 1
fi
if [ -e "$target/.venv" ]; then
  echo "Nothing was installed: there is an installation in $target already; install beside it, and move its data." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
  echo "Nothing was installed: there is no $python with venv. PYTHON=... names another one of the same version." >&2
  exit 1
fi

mkdir -p "$target"
cp -R program/. "$target/"
cp -R wheels "$target/wheels"
cd "$target"
# What this machine tells pip otherwise does not count here.
for name in $(env | sed -n 's/^\(PIP_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
"$python" -m venv .venv
# pip of this environment looks into the folder of wheels and nowhere else, whoever calls it: `make test`, too.
printf '[global]\nno-index = true\nfind-links = %s/wheels\ndisable-pip-version-check = true\n' "$PWD" > .venv/pip.conf
touch .venv/.made
.venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
touch .venv/.run-installed
echo "Installed in $PWD. Start it there: make run, or .venv/bin/streamlit run dashboard.py"
