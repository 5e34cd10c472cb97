# processes.bash -- the descendants of a process, for those who run tests.

children_of() { # PID
	cat /proc/"$1"/task/*/children 2>/dev/null
}

# End the descendants of a process.
kill_tree() { # PID
	local child
	for child in $(children_of "$1"); do
		kill_tree "$child"
		kill -TERM "$child"
		kill -CONT "$child"
	done 2>/dev/null
}
