#!/bin/sh
# Puts other scanners into the folder $1 or the system, for comparison: gitleaks through the Go
# module proxy, aeskeyfind from Debian. trufflehog cannot be had that way, for its module has
# replacements; it is measured where it is installed.
set -u
mkdir -p "$1"
dir=$(cd "$1" && pwd)
if [ ! -x "$dir/gitleaks" ]; then
	GOBIN=$dir GOFLAGS=-mod=mod timeout 180 "${GO:-go}" install github.com/zricethezav/gitleaks/v8@latest ||
		echo "gitleaks: LEFT OUT, it could not be installed" >&2
fi
if ! command -v aeskeyfind >/dev/null; then
	{ [ "$(id -u)" = 0 ] && apt-get install -y -qq --no-install-recommends aeskeyfind >/dev/null; } ||
		echo "aeskeyfind: LEFT OUT, it could not be installed" >&2
fi
exit 0
