#!/usr/bin/env bats
# Intervals of time, as other programs count them in the same log.

load helper

# COUNT,INTERVAL,CLASS of each interval of ten minutes and class of status, sorted
setup() {
	cd "$BATS_TEST_TMPDIR"
	"$WF" -n 0 -f time/10m,class --tsv "$SAMPLE" | sed 1d | tr '\t' ',' | LC_ALL=C sort >want
	[ -s want ]
}

@test "as awk and date count them" {
	awk -F '"' '{
		split($3, status, " ")
		print substr($1, index($1, "[") + 1, 20) "," substr(status[1], 1, 1) "xx"
	}' "$SAMPLE" | tr '/' ' ' | sed 's/:/ /' >lines
	cut -d , -f 1 lines | TZ=UTC date -f - +%s | awk '{ print "@" $1 - $1 % 600 }' |
		TZ=UTC date -f - +%Y-%m-%dT%H:%M | paste -d , - <(cut -d , -f 2 lines) |
		LC_ALL=C sort | uniq -c | awk '{ print $1 "," $2 }' | LC_ALL=C sort >others
	cmp want others
}

@test "as lnav counts them" {
	command -v lnav >/dev/null || skip "lnav is not installed"
	cp "$SAMPLE" access_log
	HOME=$PWD TERM=xterm lnav -n -N -c ";SELECT count(*), strftime('%Y-%m-%dT%H:%M', timeslice(log_time, '10m')) AS t,
		(sc_status / 100) || 'xx' AS c FROM access_log GROUP BY t, c" -c ':write-csv-to -' access_log | sed 1d | LC_ALL=C sort >others
	cmp want others
}

@test "as DuckDB counts them with time_bucket" {
	node -e "require('@duckdb/node-api')" 2>/dev/null || skip "DuckDB for node is not installed"
	node -e "
		const { DuckDBInstance } = require('@duckdb/node-api');
		(async () => {
			const connection = await (await DuckDBInstance.create(':memory:')).connect();
			const reader = await connection.runAndReadAll(\`
				select count(*), strftime(time_bucket(interval '10 minutes', strptime(regexp_extract(line, '\\\\[([^ ]+)', 1), '%d/%b/%Y:%H:%M:%S')),
					'%Y-%m-%dT%H:%M') as t, regexp_extract(line, '\" ([0-9])[0-9][0-9] ', 1) || 'xx' as c
				from read_csv('$SAMPLE', delim = '\\\\0', header = false, quote = '', escape = '', auto_detect = false, columns = {'line': 'VARCHAR'})
				group by t, c\`);
			for (const row of reader.getRows())
				console.log(row.map(String).join(','));
		})();" | LC_ALL=C sort >others
	cmp want others
}
