#!/usr/bin/env bats
# kinds.bats -- the kinds of logs in test/formats/, and the table of them in doc/formats.md.

load helper

@test "the level of a message is not the host of syslog" {
	local level
	for level in INFO Warning error '[debug]'; do
		for n in 1 2 3; do echo "2007-06-17 12:00:0$n,123 $level app.worker: job $n done"; done >log
		run -2 --separate-stderr wf -f host log
		says 'wf: log: line 1 fits no known log format: *'
	done
}

@test "each kind of log in test/formats/ is read as it should be, and doc/formats.md lists exactly these" {
	"$PYTHON" "$TREE/test/formats.py" "$WF"
}
