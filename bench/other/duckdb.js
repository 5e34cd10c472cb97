#!/usr/bin/env node
// duckdb.js WORKERS FILE [wf1|url|client] -- SQL in DuckDB over its CSV reader, with the whole
// line as the only column. It needs the npm package @duckdb/node-api:
//
//	npm install --prefix DIR @duckdb/node-api
//	NODE_PATH=DIR/node_modules bench/other/duckdb.js 2 access.log
//
// DuckDB expects UTF-8: a log with other bytes is an error.
'use strict';

let DuckDBInstance;
try {
	({ DuckDBInstance } = require('@duckdb/node-api'));
} catch (error) {
	console.error('duckdb.js: the npm package @duckdb/node-api is not installed');
	process.exit(127);
}

const keys = {
	wf1: String.raw`regexp_extract(line, 'GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ', 1)`,
	url: String.raw`regexp_extract(line, '^(?:\S+\s+){6}(\S+)', 1)`,
	client: String.raw`regexp_extract(line, '^\S+')`,
};

async function main(workers, file, workload = 'wf1') {
	if (!(workload in keys)) process.exit(64);
	const database = await DuckDBInstance.create(':memory:', { threads: workers });
	const connection = await database.connect();
	const answer = await connection.runAndReadAll(
		`SELECT count(*) AS n, ${keys[workload]} AS key
		FROM read_csv($file, columns = {'line': 'VARCHAR'}, delim = E'\\x01',
			quote = '', escape = '', header = false, auto_detect = false)
		WHERE key <> ''
		GROUP BY key ORDER BY n DESC, key LIMIT 10`, { file });
	for (const [n, key] of answer.getRows()) console.log(`${n}: ${key}`);
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(`duckdb.js: ${error.message}`);
	process.exit(1);
});
