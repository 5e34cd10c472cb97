#!/usr/bin/env bats
# --mmdb: countries, cities and networks of addresses, from databases in the MaxMind DB format.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	python3 "$TREE/test/mmdb.py" city.mmdb Test-City 6 <<'END'
192.0.2.0/24 {"country": {"iso_code": "DE"}, "city": {"names": {"de": "Köln", "en": "Cologne"}}}
192.0.2.128/25 {"country": {"iso_code": "FR"}, "city": {"names": {"fr": "Lyon"}}}
198.51.100.0/24 {"registered_country": {"iso_code": "XX"}}
2001:db8::/32 {"country": {"iso_code": "JP"}, "city": {"names": {"en": "Ōsaka"}}}
END
	cat >networks <<'END'
192.0.2.0/24 {"autonomous_system_number": 64496, "autonomous_system_organization": "Example, Inc."}
198.51.100.0/25 {"asn": "AS64497", "as_name": "Flat", "country_code": "NL"}
END
	python3 "$TREE/test/mmdb.py" asn.mmdb Test-ASN 6 28 <networks
	python3 "$TREE/test/mmdb.py" v4.mmdb Test-V4 4 32 <networks
	printf '%s\n' 192.0.2.1 192.0.2.200 198.51.100.1 203.0.113.1 2001:db8::1 ::1 192.0.2.1 host - '' >ips
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	run wf --mmdb city.mmdb -f 1/city ips
	[[ $output != *'built without'* ]] || skip 'wf was built without libmaxminddb'
}

@test "each value of an address" {
	ranks --order key -f 1/country,1/city --mmdb city.mmdb ips <<'END'
      5 -	-
      2 DE	Cologne
      1 FR	-
      1 JP	M-EM-^Lsaka
END
	ranks --order key -f 1/asn,1/org --mmdb asn.mmdb ips <<'END'
      5 -	-
      3 AS64496	Example, Inc.
      1 AS64497	Flat
END
	ranks -f 1 -w '1/country in (FR,JP)' --mmdb city.mmdb ips <<'END'
      1 192.0.2.200
      1 2001:db8::1
END
}

@test "several databases: the first one that has the value" {
	ranks --order key -f 1/country,1/asn --mmdb city.mmdb --mmdb asn.mmdb ips <<'END'
      4 -	-
      2 DE	AS64496
      1 FR	AS64496
      1 JP	-
      1 NL	AS64497
END
	wf -n 0 --order key -f 1/asn --mmdb asn.mmdb ips >expected
	wf -n 0 --order key -f 1/asn --mmdb v4.mmdb ips | same expected -
	wf -n 0 --order key -f 1/asn --mmdb v4.mmdb --mmdb city.mmdb -j 3 --chunk-size 1 ips | same expected -
	echo 'mmdb = v4.mmdb
		[AS]
		fields = 1/asn' >set
	wf -n 0 --reports set ips >got
	grep -qx '      3 AS64496' got
}

@test "snapshots of other databases are not merged" {
	wf -f 1/country --mmdb city.mmdb --save a.wfs ips
	cp city.mmdb copy.mmdb
	cp ips ips2
	wf -f 1/country --mmdb copy.mmdb --save b.wfs ips2
	wf --merge a.wfs b.wfs >got
	grep -qx '      4 DE' got
	wf -f 1/country --mmdb asn.mmdb --save c.wfs ips
	run --separate-stderr wf --merge a.wfs c.wfs
	[ "$status" -eq 2 ]
	[[ $stderr == "wf: c.wfs: looks up addresses in Test-ASN of 2023-11-14 ("*"), but a.wfs looks up addresses in Test-City of 2023-11-14 ("* ]]
	# One value of the database is another one.
	sed 's/Cologne/Koeln__/' city.mmdb >other.mmdb
	wf -f 1/country --mmdb other.mmdb --save d.wfs ips
	run -2 --separate-stderr wf --merge a.wfs d.wfs
	[ -z "$output" ]
}

@test "mistakes" {
	bad() { # MESSAGE ARGUMENT ...
		local message=$1
		shift
		run --separate-stderr wf "$@" ips
		echo "$stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == "wf: "$message ]]
	}
	bad "-f: '1/asn' needs a database: --mmdb FILE" -f 1/asn
	bad "--mmdb: no address is looked up; write -f client/country" -f 1 --mmdb city.mmdb
	bad "--mmdb: nowhere: No such file or directory" -f 1/asn --mmdb nowhere
	bad "--mmdb: .: Is a directory" -f 1/asn --mmdb .
	bad "--mmdb: ips: is not a MaxMind database, or is damaged: "* -f 1/asn --mmdb ips
	bad "--mmdb: ./empty: is not a MaxMind database, or is damaged: "* -f 1/asn --mmdb "$(: >empty; echo ./empty)"
	[ -p pipe ] || mkfifo pipe
	bad "--mmdb: pipe: is not a regular file" -f 1/asn --mmdb pipe
	bad "--mmdb: cannot be used with --merge: "* --merge --mmdb city.mmdb
}

@test "a damaged database is refused" {
	python3 - "$WF" <<'END'
import random, subprocess, sys
rnd = random.Random(5)
refused = 0
for number in range(200):
    data = bytearray(open(rnd.choice(('city.mmdb', 'asn.mmdb', 'v4.mmdb')), 'rb').read())
    if number % 4 == 0:
        del data[rnd.randrange(len(data)):]
    elif number % 4 == 1:
        start = rnd.randrange(len(data))
        del data[start:start + rnd.randrange(1, 50)]
    else:
        start = data.index(bytes(16))
        for _ in range(rnd.choice((1, 2, 8))):
            data[rnd.randrange(start if number % 4 == 2 else 0, len(data))] = rnd.choice((0, 255, 0x20, 0x3f, rnd.randrange(256)))
    open('damaged.mmdb', 'wb').write(data)
    run = subprocess.run([sys.argv[1], '-n0', '-f', '1/asn,1/city,1/org,1/country', '--mmdb', 'damaged.mmdb', 'ips'], capture_output=True)
    assert run.returncode in (0, 2), (number, run)
    assert run.returncode == 0 or run.stderr.startswith(b'wf: --mmdb: ') and not run.stdout, (number, run)
    refused += run.returncode == 2
assert refused > 100, refused
END
}
