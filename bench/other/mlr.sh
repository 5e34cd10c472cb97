#!/bin/sh
# mlr.sh WORKERS FILE [wf1|url|client] -- Miller: fields at blanks, count, sort.
#
# For the Wide Finder's pattern a line is one field.  WORKERS is ignored: Miller reads,
# works and writes in three threads of its own accord.
command -v mlr >/dev/null || { echo "mlr.sh: mlr is not installed" >&2; exit 127; }

file=$2
# count, then field NAME: sort, and write as wf does.
top() {
	mlr -n -S --inidx "$@"
}
export LC_ALL=C
case ${3-wf1} in
wf1)
	# shellcheck disable=SC2016
	mlr -S --inidx --ifs '\001' --oxtab put -q '
		if ($1 =~ "GET /ongoing/When/[0-9][0-9][0-9]x/([0-9]{4}/[0-9]{2}/[0-9]{2}/[^ .]+) ") {
			emit1 {"key": "\1"}
		}' then count -g key then sort -nr count -f key then head "$file" | head
	;;
esac
