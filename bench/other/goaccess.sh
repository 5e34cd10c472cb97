#!/bin/sh
# goaccess.sh WORKERS FILE [url] -- GoAccess, of whose report we take the ten top URLs.
#
# Its job is a larger one (some fifteen panels), and its answer may differ from wf's:
# - it divides requests into three panels, pages, static files and "not found"; we add them
#   up, but see only the 1000 largest of each;
# - it decodes URLs: /caf%C3%A9 and /café are one;
# - it takes a line as its own parser does, including a request without a protocol.
# It knows no patterns, and its hosts are none of the things counted here.  WORKERS is
# ignored: version 1.7 has one thread.
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
