#!/bin/sh
# Puts other scanners into the folder $1, for comparison: gitleaks through the Go
# module proxy. trufflehog cannot be had that way, for its module has replacements;
# it and aeskeyfind are measured where they are installed.
set -u
mkdir -p "$1"
dir=$(cd "$1" && pwd)
if [ ! -x "$dir/gitleaks" ]; then
	GOBIN=$dir GOFLAGS=-mod=mod timeout 180 "${GO:-go}" install github.com/zricethezav/gitleaks/v8@latest ||
		echo "gitleaks: LEFT OUT, it could not be installed" >&2
fi
exit 0
