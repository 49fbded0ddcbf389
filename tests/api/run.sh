#!/usr/bin/env bash
# The API under schemathesis: the real program over a copy of the shipped data, on a port of its own, for so many seconds.
# Usage: run.sh PROGRAM SECONDS. The program is named from here.
set -euo pipefail
cd "$(dirname "$0")"
program=$(realpath "$1")
fuzz=$(realpath ../../target/schemathesis/bin/schemathesis)
settings=$(realpath schemathesis.toml)
place=$(mktemp -d)
running=
trap '[ -z "$running" ] || kill "$running"; rm -rf "$place"' EXIT
cp -r ../../data "$place/data"
printf '[web]\nlisten = "127.0.0.1:0"\n' > "$place/bot.toml"
cd "$place"
env -u TELOXIDE_TOKEN PLANBOT_ADMIN_TOKEN=a-token-of-the-fuzzing "$program" < /dev/null > said 2> log &
running=$!
for _ in $(seq 600); do
    grep -q '^网页：' said && break
    sleep 0.1
done
address=$(sed -n 's/^网页：//p' said | head -1)
[ -n "$address" ] || { echo "no page within a minute" >&2; exit 1; }
"$fuzz" --config-file "$settings" run "${address%/}/api/v1/openapi.json" --max-time "$2" --continue-on-failure
