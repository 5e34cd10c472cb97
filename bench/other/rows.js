#!/usr/bin/env node
// rows.js stations|visits FILE -- the challenges of bench/challenges in DuckDB, with one thread.
//
//	stations	NAME;MIN;AVG;MAX
//	visits		COUNT;PATH;DAY
//
// It needs the npm package @duckdb/node-api; see duckdb.js.
'use strict';

const { DuckDBInstance } = require('@duckdb/node-api');

const read = (file, delimiter, columns) => `read_csv('${file.replaceAll("'", "''")}', delim = '${delimiter}', header = false, quote = '',
	escape = '', auto_detect = false, columns = ${columns})`;

const QUESTIONS = {
	stations: (file) => `select name, min(number), avg(number), max(number)
		from ${read(file, ';', "{'name': 'VARCHAR', 'number': 'DOUBLE'}")} group by name order by name`,
	visits: (file) => `select count(*) as n, substr(url, 20) as path, substr(time, 1, 10) as day
		from ${read(file, ',', "{'url': 'VARCHAR', 'time': 'VARCHAR'}")} group by path, day`,
};

const text = (value) => (typeof value === 'number' ? value.toFixed(9) : String(value));

async function main(question, file) {
	const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
	const connection = await instance.connect();
	const reader = await connection.runAndReadAll(QUESTIONS[question](file));
	process.stdout.write(reader.getRows().map((row) => row.map(text).join(';') + '\n').join(''));
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(`rows.js: ${error.message}`);
	process.exit(1);
});
