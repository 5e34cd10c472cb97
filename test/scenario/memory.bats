#!/usr/bin/env bats
# How much memory is held.

load helper

@test "100,000 keys at -j 2, all printed: less than 32 MB, wf and workers together" {
	! sanitized || skip "AddressSanitizer's own memory is many times that"
	"$TREE/data/mklog" -n 200000 -u 100000 --uniform >urls.log
	run -0 timeout 30 "$PYTHON" "$TREE/test/scenario/memory.py" "$WF" -n 0 -j 2 \
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
		timeout 30 env -i "$PYTHON" - "$WF" log$mb <<-'PY' >peak$mb
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
