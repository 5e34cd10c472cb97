#!/usr/bin/env bats
# The manual's examples, and the README's for those who come from other tools, do what they say.

load helper

@test "each example of the manual gives what another way of counting gives" {
	timeout 120 "$PYTHON" "$TREE/test/scenario/examples.py" "$WF" manual 20
}

@test "what the README says for awk, grep, topfew, ripgrep and GoAccess, and for wf, is the same" {
	timeout 120 "$PYTHON" "$TREE/test/scenario/examples.py" "$WF" readme 14
}
