#!/usr/bin/env node
// duckdb.js WORKERS FILE [wf1|url|client] -- SQL in DuckDB over its CSV reader, with the whole
// line as the only column.
// duckdb.js WORKERS FILE json-url|json-status|shuffled-url|shuffled-status|csv-url|csv-status --
// the same over its readers of JSON and of CSV.
//
// It needs the npm package @duckdb/node-api:
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

const lines = `read_csv($file, columns = {'line': 'VARCHAR'}, delim = E'\\x01',
	quote = '', escape = '', header = false, auto_detect = false)`;
const json = `read_json($file, format = 'newline_delimited', columns = {'request': 'VARCHAR', 'status': 'VARCHAR'})`;
const csv = `read_csv($file, header = true, all_varchar = true)`;
const url = `split_part(request, ' ', 2)`;

// The key and the table of each workload.
const workloads = {
	wf1: [keys.wf1, lines],
	url: [keys.url, lines],
	client: [keys.client, lines],
	'json-url': [url, json],
	'json-status': ['status', json],
	'shuffled-url': [url, json],
	'shuffled-status': ['status', json],
	'csv-url': ['url', csv],
	'csv-status': ['status', csv],
};

async function main(workers, file, workload = 'wf1') {
	if (!(workload in workloads)) process.exit(64);
	const [key, table] = workloads[workload];
	const database = await DuckDBInstance.create(':memory:', { threads: workers });
	const connection = await database.connect();
	const answer = await connection.runAndReadAll(
		`SELECT count(*) AS n, ${key} AS key FROM ${table} WHERE key <> '' GROUP BY key ORDER BY n DESC, key LIMIT 10`, { file });
	for (const [n, key] of answer.getRows()) console.log(`${n}: ${key}`);
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(`duckdb.js: ${error.message}`);
	process.exit(1);
});
