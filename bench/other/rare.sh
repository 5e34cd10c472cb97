#!/bin/sh
# rare.sh WORKERS FILE [wf1|url|client]
# rare.sh WORKERS DIRECTORY status -- rare (github.com/zix99/rare): a histogram of the text
# that a regular expression captures.
#
# rare prints the key first, then the count, and at the end lines about the run.
command -v rare >/dev/null || { echo "rare.sh: rare is not installed" >&2; exit 127; }

case ${3-wf1} in
wf1) pattern='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ' ;;
url) pattern='^(?:\S+\s+){6}(\S+)' ;;
client) pattern='^(\S+)' ;;
status) pattern='" (\d{3})' ;;
*) exit 64 ;;
esac

workers=$1
if [ -d "$2" ]; then
	set -- -z "$2"/*.gz
else
	set -- "$2"
fi
export LC_ALL=C
rare --nocolor --noformat --notrim \
	histogram --workers "$workers" --num 10 --match "$pattern" --extract '{1}' "$@" 2>/dev/null |
	sed -n 's/^\(.*[^ ]\)  *\([0-9][0-9]*\) *$/\2: \1/p' |
	sort -k1,1nr -k2
