#!/usr/bin/env node
// brc.js FILE -- the one billion row challenge in DuckDB, with one thread: NAME;MIN;AVG;MAX.
//
// It needs the npm package @duckdb/node-api; see duckdb.js.
'use strict';

const { DuckDBInstance } = require('@duckdb/node-api');

async function main(file) {
	const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
	const connection = await instance.connect();
	const reader = await connection.runAndReadAll(
		`select name, min(number), avg(number), max(number)
		from read_csv('${file.replaceAll("'", "''")}', delim = ';', header = false, quote = '', escape = '', auto_detect = false,
			columns = {'name': 'VARCHAR', 'number': 'DOUBLE'})
		group by name order by name`);
	const rows = reader.getRows();
	process.stdout.write(rows.map(([name, ...numbers]) => [name, ...numbers.map((n) => n.toFixed(9))].join(';') + '\n').join(''));
}

main(process.argv[2]).catch((error) => {
	console.error(`brc.js: ${error.message}`);
	process.exit(1);
});
