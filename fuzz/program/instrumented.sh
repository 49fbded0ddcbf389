#!/usr/bin/env bash
# Stands before rustc (RUSTC_WRAPPER): counts what is reached in the crates of this repository alone. What is to be found is in
# them, and the four hundred crates of others stay as `cargo test` has built them.
set -euo pipefail

case "${CARGO_PKG_NAME:-} $*" in
    *"--crate-name build_script_build "*) ;;
    planbot*)
        set -- "$@" --cfg fuzzing -Cpasses=sancov-module \
            -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
            -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares
        ;;
esac
exec "$@"
