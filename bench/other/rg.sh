#!/bin/sh
# rg.sh WORKERS FILE [wf1|url|client] -- ripgrep and the sort of everyday pipelines.
#
# What is added to make it exact: bytes for characters (-a, --no-unicode), the `.*` that
# lets a line match but once, and an order of equal counts.  WORKERS is ignored: ripgrep's
# threads are for many files.
command -v rg >/dev/null || { echo "rg.sh: rg is not installed" >&2; exit 127; }

file=$2
case ${3-wf1} in
wf1) pattern='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) .*' ;;
url) pattern='^\s*(?:\S+\s+){6}(\S+).*' ;;
client) pattern='^\s*(\S+).*' ;;
*) exit 64 ;;
esac

export LC_ALL=C
# shellcheck disable=SC2016 # rg's $1
rg --no-config -a -o --no-filename --no-line-number --no-unicode --encoding none \
	-r '$1' -e "$pattern" -- "$file" |
	sort | uniq -c | sort -k1,1nr -k2 | head | sed 's/^ *\([0-9]*\) /\1: /'
