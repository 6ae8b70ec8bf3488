#!/usr/bin/env bash
# What action.yml runs: fixer over the paths of INPUT_PATHS, with annotations. Tested by tests/cli/test_hooks.py.
set -uo pipefail
paths=() more=()
while IFS= read -r line; do [ -n "$line" ] && paths+=("$line"); done <<<"${INPUT_PATHS:-.}"
while IFS= read -r line; do [ -n "$line" ] && more+=("$line"); done <<<"${INPUT_ARGS:-}"

code=0
if [ "${INPUT_FIX:-false}" = true ]; then
    fixer fix "${more[@]}" -- "${paths[@]}" || code=$?
fi
if [ -n "${INPUT_REPORT:-}" ]; then
    case $INPUT_REPORT in
        *.html) format=html ;; *.sarif) format=sarif ;; *.md) format=markdown ;; *) format=json ;;
    esac
    fixer check --exit-zero "${more[@]}" --format "$format" -- "${paths[@]}" >"$INPUT_REPORT" || code=2
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    fixer check --exit-zero -q "${more[@]}" --format markdown -- "${paths[@]}" >>"$GITHUB_STEP_SUMMARY" || code=2
fi
[ "$code" -eq 2 ] || { fixer check "${more[@]}" --format github -- "${paths[@]}"; code=$?; }
[ -n "${GITHUB_OUTPUT:-}" ] && echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
