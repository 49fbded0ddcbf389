#!/usr/bin/env bash
# run.sh TARGET SECONDS: feeds the whole program for so long. Needs neither nightly nor cargo-fuzz: the dependencies are those of
# `cargo test`, in the same target directory.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1 seconds=$2
into=fuzz/program

mkdir -p $into/corpus/"$target" $into/artifacts/"$target"
RUSTC_WRAPPER=$PWD/$into/instrumented.sh \
    cargo build --locked --manifest-path $into/Cargo.toml --target-dir target --bin "$target"
exec target/debug/"$target" $into/corpus/"$target" $into/seeds/"$target" -artifact_prefix=$into/artifacts/"$target"/ \
    -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=16384
