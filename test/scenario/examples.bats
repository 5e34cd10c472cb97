#!/usr/bin/env bats
# The manual's examples, and the README's for those who come from other tools, do what they say.

load helper

@test "each example of the manual gives what another way of counting gives" {
	"$PYTHON" "$TREE/test/scenario/examples.py" "$WF" manual 20
}

# topfew is hardly ever there: what it would count is counted by awk and sort.
@test "what the README says for awk, grep, ripgrep and GoAccess, and for wf, is the same; for topfew, by its words" {
	"$PYTHON" "$TREE/test/scenario/examples.py" "$WF" readme 14 | tee said
	missing=$(sed -n 's/^not here: \([^ ]*\).*/\1/p' said | sort -u | paste -sd' ')
	[ "$missing" = "" ] || skip "not here: $missing"
}
