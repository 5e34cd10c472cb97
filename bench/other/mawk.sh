#!/bin/sh
# mawk.sh WORKERS FILE [wf1|url|client] -- an awk array, then sort.
#
# match() finds the pattern and substr() extracts the key: the 23 bytes of "GET /ongoing/When/200x/"
# precede it, and a blank follows it.  WORKERS is ignored.
command -v mawk >/dev/null || { echo "mawk.sh: mawk is not installed" >&2; exit 127; }

# shellcheck disable=SC2016 # awk's $
case ${3-wf1} in
wf1)
	program='match($0, /GET \/ongoing\/When\/[0-9][0-9][0-9]x\/[0-9][0-9][0-9][0-9]\/[0-9][0-9]\/[0-9][0-9]\/[^ .]+ /) {
		n[substr($0, RSTART + 23, RLENGTH - 24)]++
	}'
	;;
url) program='NF > 6 && $6 != "\"-\"" { n[$7]++ }' ;;
client) program='NF { n[$1]++ }' ;;
*) exit 64 ;;
esac

export LC_ALL=C
mawk "$program END { for (key in n) print n[key] \": \" key }" <"$2" |
	sort -k1,1nr -k2 | head
