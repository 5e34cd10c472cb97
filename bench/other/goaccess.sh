#!/bin/sh
# goaccess.sh WORKERS FILE [url] -- the ten top URLs from GoAccess's report.
#
# GoAccess does more (about fifteen panels), and its answer may differ from wf's:
# - It divides requests into three panels: pages, static files and "not found".  This script adds
#   them up, but sees only the 1000 largest entries of each.
# - It decodes URLs: /caf%C3%A9 and /café are the same.
# - It accepts whatever its own parser accepts, including a request without a protocol.
# It has no patterns, and its panel of hosts is not used here.  WORKERS is ignored: version 1.7 has
# one thread.
command -v goaccess >/dev/null || { echo "goaccess.sh: goaccess is not installed" >&2; exit 127; }

[ "${3-url}" = url ] || exit 64

goaccess "$2" --no-global-config --log-format=COMBINED --no-ip-validation \
	--http-method=no --http-protocol=no --max-items=1000 \
	--no-progress --no-parsing-spinner --output=json |
	python3 -c '
import collections, json, os, sys

report = json.loads(sys.stdin.buffer.read().decode(errors="surrogateescape"), strict=False)
counts = collections.Counter()
for panel in "requests", "static_requests", "not_found":
    for item in report.get(panel, {}).get("data", []):
        counts[os.fsencode(item["data"])] += item["hits"]["count"]
for url, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]:
    sys.stdout.buffer.write(b"%d: %s\n" % (count, url))
'
