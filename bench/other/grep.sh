#!/bin/sh
# grep.sh WORKERS FILE [wf1|url|client] -- grep -P in the usual pipeline with sort.
#
# \K removes the text matched so far from the output.  `.*` makes a line match only once, and
# `cut` removes that text again.  WORKERS is ignored.
case ${3-wf1} in
wf1) pattern='GET /ongoing/When/\d\d\dx/\K\d\d\d\d/\d\d/\d\d/[^ .]+ .*' ;;
url) pattern='^(?:\S+\s+){6}\K\S+' ;;
client) pattern='^\S+' ;;
*) exit 64 ;;
esac

export LC_ALL=C
grep -aoP -e "$pattern" -- "$2" | cut -d ' ' -f 1 |
	sort | uniq -c | sort -k1,1nr -k2 | head | sed 's/^ *\([0-9]*\) /\1: /'
