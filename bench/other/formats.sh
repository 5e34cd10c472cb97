#!/bin/sh
# formats.sh WORKERS FILE 'PROGRAM FORMAT url|status' -- count a field of a log in another format.
#
# PROGRAM is jq, mlr or mawk.  FORMAT is a name in bench/race/formats.py.  Miller uses more cores than one;
# WORKERS limits Go's threads.  Exits with 64 if the program does not read the format.
file=$2
# shellcheck disable=SC2086 # three words
set -- "$1" $3
workers=$1 program=$2 format=$3 field=$4
command -v "$program" >/dev/null || { echo "formats.sh: $program is not installed" >&2; exit 127; }

export LC_ALL=C
rows() { # uniq -c's lines as COUNT: KEY, the largest ten
	sort -k1,1nr -k2 | head | sed 's/^ *\([0-9]*\) /\1: /'
}

miller() {
	GOMAXPROCS=$workers mlr -S "$@"
}

# shellcheck disable=SC1010,SC2016 # Miller's then, and the $ of all three
case $program/$format/$field in
jq/json/url | jq/shuffled/url) jq -r '.request | split(" ")[1]' "$file" | sort | uniq -c | rows ;;
jq/json/status | jq/shuffled/status) jq -r '.status' "$file" | sort | uniq -c | rows ;;
mlr/json/url | mlr/shuffled/url)
	miller --ijsonl --onidx --ofs ': ' put -q '@n[splitax($request, " ")[2]] += 1; end { emit @n, "key" }' \
		then sort -nr n then reorder -f n "$file" | sort -k1,1nr -k2 | head
	;;
mlr/json/status | mlr/shuffled/status)
	miller --ijsonl --onidx --ofs ': ' count-distinct -f status then reorder -f count "$file" |
		sort -k1,1nr -k2 | head
	;;
mlr/csv/*)
	miller --icsv --onidx --ofs ': ' count-distinct -f "$field" then reorder -f count "$file" |
		sort -k1,1nr -k2 | head
	;;
mlr/ltsv/status)
	miller --idkvp --ifs tab --ips : --onidx --ofs ': ' count-distinct -f status then reorder -f count "$file" |
		sort -k1,1nr -k2 | head
	;;
mlr/ltsv/url)
	miller --idkvp --ifs tab --ips : --onidx --ofs ': ' put -q '@n[splitax($req, " ")[2]] += 1; end { emit @n, "key" }' \
		then reorder -f n "$file" | sort -k1,1nr -k2 | head
	;;
mawk/w3c/url) mawk '!/^#/ { n[$5]++ } END { for (key in n) print n[key] ": " key }' "$file" | sort -k1,1nr -k2 | head ;;
mawk/w3c/status) mawk '!/^#/ { n[$6]++ } END { for (key in n) print n[key] ": " key }' "$file" | sort -k1,1nr -k2 | head ;;
mawk/ltsv/status)
	mawk -F '\t' '{ for (i = 1; i <= NF; i++) if (substr($i, 1, 7) == "status:") n[substr($i, 8)]++ }
		END { for (key in n) print n[key] ": " key }' "$file" | sort -k1,1nr -k2 | head
	;;
*) exit 64 ;;
esac
