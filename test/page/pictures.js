/* pictures.js -- photographs an overview for the README: doc/page.png and doc/page-dark.png. */
"use strict";

const path = require("node:path");
const { TREE, fs, leave, output, report, save, test, run, visit } = require("./harness.js");

for (const [colorScheme, name] of [["light", "page.png"], ["dark", "page-dark.png"]])
	test(`doc/${name}`, async (browser) => {
		const log = save("access.log", output("data/mklog", ["-n", "200000"]));
		const html = fs.readFileSync(report("-r", "overview", log), "utf8").replaceAll(log, "access.log");
		const page = await visit(browser, save("access.html", html), { colorScheme, viewport: { width: 1200, height: 1000 } });
		await page.screenshot({ path: path.join(TREE, "doc", name) });
		await leave(page);
	});

run();
