#!/bin/sh
# mawk.sh WORKERS FILE [wf1|url|client] -- an awk array, then sort.
#
# match() and substr() cut out the key: "GET /ongoing/When/200x/" has 23 bytes, the blank
# behind the key one.  WORKERS is ignored.
command -v mawk >/dev/null || { echo "mawk.sh: mawk is not installed" >&2; exit 127; }

file=$2
case ${3-wf1} in
wf1)
	# shellcheck disable=SC2016
	program='match($0, /GET \/ongoing\/When\/[0-9][0-9][0-9]x\/[0-9][0-9][0-9][0-9]\/[0-9][0-9]\/[0-9][0-9]\/[^ .]+ /) {
		n[substr($0, RSTART + 23, RLENGTH - 24)]++
	}'
	;;
# shellcheck disable=SC2016
url) program='NF > 6 { n[$7]++ }' ;;
# shellcheck disable=SC2016
client) program='NF { n[$1]++ }' ;;
*) exit 64 ;;
esac

export LC_ALL=C
mawk "$program END { for (key in n) print n[key] \": \" key }" <"$file" |
	sort -k1,1nr -k2 | head
