#!/bin/sh
# topfew.sh WORKERS FILE [wf1|url|client] -- Tim Bray's topfew (github.com/timbray/topfew).
#
# topfew counts fields: -g keeps the lines that match the Wide Finder's pattern, and -s cuts the key
# out of field 7, so a line that matches in another place is counted differently.  topfew prints
# equal counts in any order, also at the tenth place; so the script asks for 1000 rows and sorts
# them.
topfew=$(command -v topfew || command -v tf) || {
	echo "topfew.sh: topfew is not installed" >&2
	exit 127
}

count() {
	"$topfew" -n 1000 "$@"
}

workers=$1 file=$2
export LC_ALL=C
case ${3-wf1} in
wf1)
	count -w "$workers" -f 7 -g 'GET /ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/[^ .]+ ' \
		-s '^/ongoing/When/\d\d\dx/' '' "$file"
	;;
url) count -w "$workers" -f 7 "$file" ;;
client) count -w "$workers" -f 1 "$file" ;;
*) exit 64 ;;
esac |
	sort -k1,1nr -k2 | head | sed 's/^\([0-9]*\) /\1: /'
