#!/bin/sh
# sort.sh WORKERS FILE [url|client] -- a column, sorted and counted: the most common pipeline.
#
# One addition makes it exact: an order for equal counts.  WORKERS is ignored, but sort uses its own
# threads.
file=$2
# shellcheck disable=SC2016 # awk's $7
case ${3-url} in
url) program='NF > 6 && $6 != "\"-\"" { print $7 }' ;;
client) program='NF { print $1 }' ;;
*) exit 64 ;;
esac

export LC_ALL=C
awk "$program" <"$file" | sort | uniq -c | sort -k1,1nr -k2 | head | sed 's/^ *\([0-9]*\) /\1: /'
