#!/bin/sh
# mlr.sh WORKERS FILE [wf1|url|client] -- Miller: count a field, sort.
#
# For the Wide Finder's pattern, the separator is ^A, so that the whole line is one field, and a
# map counts.  -S: keys are text, not numbers.  WORKERS is ignored: Miller uses its own threads for
# reading, working and writing.
#
# Miller 6.6 stops at a line longer than 1 MB without a message; its answer is then wrong.
command -v mlr >/dev/null || { echo "mlr.sh: mlr is not installed" >&2; exit 127; }

# NAME SEPARATOR VERB...: count by the field NAME, and print rows as COUNT: KEY
rank() {
	name=$1 separator=$2
	shift 2
	# shellcheck disable=SC1010 # Miller's then
	mlr -S --inidx --ifs "$separator" --onidx --ofs ': ' "$@" \
		then sort -nr count -f "$name" then head then reorder -f count
}

export LC_ALL=C
# shellcheck disable=SC2016 # Miller's $
case ${3-wf1} in
wf1)
	rank key '\x01' put -q '
		if (is_present($1)) {
			if ($1 =~ "GET /ongoing/When/[0-9]{3}x/([0-9]{4}/[0-9]{2}/[0-9]{2}/[^ .]+) ") {
				@count["\1"] += 1
			}
		}
		end { emit @count, "key" }' <"$2"
	;;
url) rank 7 ' ' count-distinct -f 7 <"$2" ;;
client) rank 1 ' ' count-distinct -f 1 <"$2" ;;
*) exit 64 ;;
esac
