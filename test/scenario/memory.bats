#!/usr/bin/env bats
# How much memory is held.

load helper

@test "100,000 keys at -j 2, all printed: less than 32 MB, wf and workers together" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	"$TREE/data/mklog" -n 200000 -u 100000 --uniform >urls.log
	run -0 --separate-stderr "$PYTHON" "$TREE/test/scenario/memory.py" "$WF" -n 0 -j 2 \
		urls.log{,,,,,,,,,,,,,,,}
	read -r peak looks rows <<<"$output"
	echo "peak $peak KB, $looks looks, $rows rows"
	[ "$rows" -eq 100000 ]
	[ "$looks" -ge 20 ]
	[ "$peak" -gt 5000 ] # it was measured at all
	[ "$peak" -lt 32768 ]
}

@test "a stream takes no more memory for being long" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	for mb in 10 200; do
		yes "$(head -1 "$SAMPLE")" | head -c ${mb}000000 >log$mb &
	done
	wait
	for mb in 10 200; do
		env -i "$PYTHON" - "$WF" log$mb <<-'PY' >peak$mb
			import resource, subprocess, sys
			cat = subprocess.Popen(['cat', sys.argv[2]], stdout=subprocess.PIPE)
			subprocess.run([sys.argv[1], '-q'], stdin=cat.stdout, check=True)
			cat.stdout.close()
			cat.wait()
			print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
		PY
	done
	cat peak10 peak200
	[ "$(cat peak200)" -lt $(($(cat peak10) + 2000)) ]
}

# Keys that come again in every part of the log.
many_keys() {
	awk 'BEGIN { for (i = 0; i < 150000; i++) print "key" i * 7919 % 50021, i % 1000 }' >many
	wf -n 0 --tsv -f 1 -s 2 many >expected
}

@test "--memory: what does not fit is spilled, and the answer is the same" {
	many_keys
	for memory in 64K 300K 1200K 1G; do
		for jobs in 1 2 5; do
			wf -n 0 --tsv -f 1 -s 2 --stats --memory $memory -j $jobs --chunk-size 200K many >got 2>stats
			cmp got expected
			[ $memory = 1G ] || grep -q '^wf: spilled ' stats
		done
	done
	lacks stats '^wf: spilled ' # all fits into the last
	wf -r overview --tsv "$SAMPLE" >expected
	wf -r overview --tsv --memory 64K -j 3 --chunk-size 10K "$SAMPLE" >got
	cmp got expected
}

@test "--memory: a key larger than all of it is counted all the same" {
	head -c 3000000 /dev/zero | tr '\0' x >log
	for end in a b a b; do echo $end; cat log; done >>log.2
	echo >>log.2
	[ "$(wf -f 0 --memory 100K -j 2 --chunk-size 100K log.2 | awk '{ print $1, length($2) }' | sort)" = \
		"$(printf '1 1\n1 3000000\n1 3000001\n2 3000001')" ] || {
		wf -f 0 --memory 100K -j 2 log.2 | cut -c 1-30
		false
	}
}

@test "--memory: TMPDIR that is missing, or full: 2, and its name" {
	many_keys
	for jobs in 1 2; do
		TMPDIR=/nowhere run -2 --separate-stderr wf --memory 2M -j $jobs -f 1 many
		[ "$output" = "" ]
		says 'wf: /nowhere: No such file or directory; needed for counts that do not fit in memory *'
		# As large as a file may become here.
		run -2 --separate-stderr bash -c "ulimit -f 500; TMPDIR=$PWD '$WF' --memory 2M -j $jobs -f 1 many"
		[ "$output" = "" ]
		says "wf: $PWD: File too large; needed for counts that do not fit in memory *"
		# Nobody misses it where all fits.
		TMPDIR=/nowhere run -0 wf -j $jobs -f 1 many
	done
}

@test "a line of a stream that does not fit in memory: 2, named, what comes before it is counted" {
	{ cat "$SAMPLE"; head -c 9000000 /dev/zero; echo; cat "$SAMPLE"; } >long
	gzip -1 <long >long.gz
	wf -n 0 -f client "$SAMPLE" >expected
	for jobs in 1 2; do
		run -2 --separate-stderr bash -c "cat long | '$WF' -n 0 -f client -j $jobs --memory 3M"
		same expected - <<<"$output"
		says 'wf: standard input: a line does not fit in memory *'
		run -2 --separate-stderr wf -n 0 -f client -j $jobs --memory 3M long.gz
		same expected - <<<"$output"
		says 'wf: long.gz: a line does not fit in memory *'
		wf -n 0 -f client -j $jobs long.gz >got
		awk '{ $1 *= 2; printf "%7d %s\n", $1, $2 }' expected | same - got
	done
}

@test "--unmatched: TMPDIR that is missing, or full: 2, and its name" {
	for jobs in 1 2; do
		TMPDIR=/nowhere run -2 --separate-stderr wf --unmatched out -j $jobs "$SAMPLE"
		says 'wf: /nowhere: No such file or directory; needed for the lines of --unmatched'
		run -2 --separate-stderr bash -c "ulimit -f 100; TMPDIR=$PWD '$WF' --chunk-size 50K -j $jobs -e nowhere --unmatched out '$SAMPLE'"
		[ "$output" = "" ]
		says "wf: $PWD: File too large; needed for the lines of --unmatched"
	done
}

@test "--memory: sizes that are none" {
	for size in 0 x -1 1X ''; do
		run -2 --separate-stderr wf --memory "$size" "$SAMPLE"
		says "wf: --memory: *"
	done
}

# bats test_tags=slow
@test "--memory bounds what is held, whatever is counted" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	seq 1 3000000 >keys
	run -0 "$PYTHON" "$TREE/test/scenario/memory.py" "$WF" -j 2 -f 1 --memory 40M keys
	read -r peak looks rows <<<"$output"
	echo "peak $peak KB, $looks looks, $rows rows"
	[ "$looks" -ge 20 ]
	[ "$peak" -gt 10000 ]
	[ "$peak" -lt 48000 ]
}

@test "--memory: a million keys, put together by several processes" {
	{ seq 1 1000000; seq 500001 1000000; seq 999000 1000000; } >keys
	run -0 --separate-stderr "$WF" --tsv -n 1002 -f 0 -j 2 --memory 16M --stats keys
	[[ $stderr = *'wf: spilled '* && $stderr =~ 'wf: keys '\ +1,000,000 ]]
	echo "$output" | tail -n +2 | cut -f 1,2 >got
	{ seq 999000 1000000 | sort | sed 's/^/3	/'; printf '2\t500001\n'; } >expected
	diff got expected
}
