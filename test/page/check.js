/* check.js -- the HTML report in a browser; see test/page/check. */
"use strict";

const http = require("node:http");
const { TREE, assert, fs, leave, output, report, run, save, test, visit, wf } = require("./harness.js");

const SAMPLE = "data/sample.log";
const OVERVIEW = ["-r", "overview", SAMPLE];
const COLUMNS = ["-f", "status,method,url", "-s", "bytes", "-n", "200", "-w", "status>=300", SAMPLE];
const KEYS = save("keys", output("python3", ["test/page/hostile.py"]));
const HOSTILE = ["-n", "0", "-e", "(?s).*", KEYS];
const OVER = ["-t", "1m", "-f", "class", SAMPLE];
const LINES = ["-t", "1m", "-f", "url", "-n", "12", "-s", "p90:bytes", SAMPLE];
const HOSTILE_OVER = ["-t", "1h", "-f", "key", "-n", "40", save("keys.json", fs.readFileSync(KEYS, "utf8").split("\n").map((key, n) =>
	JSON.stringify({ time: `2006-10-01T0${n % 7}:00:00Z`, key })).join("\n"))];
const HEAT = ["-f", "time/dow,time/hod", "-n", "0", SAMPLE];
const PAGES = [OVERVIEW, COLUMNS, HOSTILE, OVER, LINES, HEAT, HOSTILE_OVER];
const MANY = 100000;

/* The rows of the n-th ranking as they stand in the page. */
const rowsOf = (page, n = 0) => page.evaluate((n) =>
	Array.from(document.querySelectorAll("table.ranking")[n].tBodies[0].rows,
		(tr) => Array.from(tr.cells, (cell) => cell.textContent)), n);

const number = (text) => Number(text.replace(/[,%]/g, ""));

/* --- It is there, and quiet ------------------------------------------------------ */

test("every page loads nothing, and has nothing to say on the console", async (browser) => {
	for (const args of [...PAGES, [SAMPLE], ["-r", "wf2", SAMPLE], ["-f", "day", SAMPLE]])
		await leave(await visit(browser, report(...args)));
});

test("from a server too it is one request", async (browser) => {
	const asked = [];
	const server = http.createServer((request, response) => {
		asked.push(request.url);
		response.setHeader("Content-Type", "text/html");
		response.end(fs.readFileSync(report(...OVERVIEW)));
	}).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const page = await visit(browser, `http://127.0.0.1:${server.address().port}/`);
	await page.waitForTimeout(200);
	await leave(page);
	server.close();
	assert.deepEqual(asked, ["/"]);
});

test("without JavaScript it is all there, but for what would need it", async (browser) => {
	const page = await visit(browser, report(...COLUMNS), { javaScriptEnabled: false });
	assert.equal(await page.locator("tbody tr:visible").count() - 6, 200);
	assert.equal(await page.locator("input:visible, button:visible").count(), 0);
	await leave(page);
});

/* --- Order ----------------------------------------------------------------------- */

/* Rows in the order of a column, as somebody would bring them who has nothing but their texts and
 * ranks.  Shares are those of the first number. */
function ordered(rows, heads, column, descending) {
	const by = heads[column] === "share" ? heads.findIndex((h) => /^(sum of .*|count)$/.test(h)) : column;
	const numeric = rows.every((row) => /^-?[\d,]+(\.\d+)?$/.test(row[by]));
	const compare = numeric ? (a, b) => number(a[by]) - number(b[by])
		: (a, b) => Buffer.compare(Buffer.from(a[by]), Buffer.from(b[by]));
	return rows.map((row, rank) => ({ row, rank }))
		.sort((a, b) => (descending ? -1 : 1) * compare(a.row, b.row) || a.rank - b.rank)
		.map(({ row }) => row);
}

for (const args of [OVERVIEW, HOSTILE, ["-f", "status,method,url", "-s", "bytes", "-n", "40", SAMPLE], OVER])
	test(`each column sorts, both ways: ${args.join(" ").slice(0, 40)}`, async (browser) => {
		const page = await visit(browser, report(...args));
		await page.evaluate(() => document.querySelectorAll("details.numbers").forEach((d) => { d.open = true; }));
		const tables = await page.locator("table.ranking").all();
		for (const [n, table] of tables.entries()) {
			for (const more of await table.locator("xpath=../following-sibling::p").getByText("Show all").all())
				if (await more.isVisible())
					await more.click();
			const rows = await rowsOf(page, n);
			const heads = await table.locator("thead th").allTextContents();
			for (const column of heads.keys())
				for (let click = 0; click < 3; click++) {
					await table.locator("thead button").nth(column).click();
					const order = await table.locator("thead th").nth(column).getAttribute("aria-sort");
					assert.deepEqual(await rowsOf(page, n),
						ordered(rows, heads, column, order === "descending"), `${heads[column]} ${order}`);
					assert.equal(await table.locator("[aria-sort]").count(), 1);
				}
		}
		await leave(page);
	});

test("numbers are ordered as numbers, and large ones exactly", async (browser) => {
	const numbers = ["18446744073709551614", "18446744073709551615.000000001", "18446744073709551615", "-3", "9.5", "10", "0.25"];
	const file = save("numbers", numbers.map((n, i) => `k${i} ${n}\n`).join(""));
	const page = await visit(browser, report("-n", "0", "-f", "2", file));
	const button = page.getByRole("columnheader", { name: "2" }).getByRole("button");
	await button.click();
	assert.deepEqual((await rowsOf(page)).map((row) => row[0]), ["18446744073709551615.000000001",
		"18446744073709551615", "18446744073709551614", "10", "9.5", "0.25", "-3"]);
	await button.click();
	assert.deepEqual((await rowsOf(page)).map((row) => row[0]).slice(-2), ["18446744073709551615", "18446744073709551615.000000001"]);
	await leave(page);
});

test("a comparison has two bars in each row, and its changes are ordered as numbers", async (browser) => {
	const old = save("old", "a a a a b b b b b b b b b b c\n".repeat(9).replace(/ /g, "\n"));
	const now = save("now", "a a a a a a b e e e e e e e e\n".repeat(9).replace(/ /g, "\n"));
	const page = await visit(browser, report("--diff", old, now, "-f", "1"));
	const rows = await rowsOf(page);
	const widths = await page.evaluate(() => Array.from(document.querySelectorAll(".sides"), (cell) =>
		Array.from(cell.querySelectorAll("span"), (bar) => bar.offsetWidth / cell.clientWidth)));
	for (const [i, row] of rows.entries())
		for (const side of [0, 1])
			assert.ok(Math.abs(widths[i][side] - number(row[1 + side]) / 90) < 0.02, `${row} ${widths[i]}`);
	await page.getByRole("columnheader", { name: "change" }).getByRole("button").click();
	assert.deepEqual((await rowsOf(page)).map((row) => row[3]), ["new", "×1.50", "×0.10", "gone"]);
	await leave(page);
});

/* --- Search ---------------------------------------------------------------------- */

const found = (page, text) => page.waitForFunction((text) => document.getElementById("found").textContent === text, text);

test("the search keeps the rows that hold a text, says how many, and gives all back", async (browser) => {
	const page = await visit(browser, report(...OVERVIEW));
	const before = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => rowsOf(page, n)));
	const search = page.getByRole("searchbox", { name: "Search the rows of this page" });
	await search.fill("ATOM");
	await found(page, "2 rows in 2 rankings");
	assert.deepEqual((await page.locator("table.ranking tbody tr:visible").allTextContents()).map((t) => t.slice(0, 21)),
		["/ongoing/ongoing.atom", "/ongoing/ongoing.atom"]);
	assert.equal(await page.getByRole("status").textContent(), "2 rows in 2 rankings");
	await search.fill("2006-10-01T07"); // in the table that is folded up
	await found(page, "1 row in 1 ranking");
	assert.equal(await page.locator("table.ranking tbody tr:visible").count(), 1);
	await search.fill("no such row");
	await found(page, "0 rows");
	assert.equal(await page.locator("section:has(table.ranking):visible").count(), 0);
	await search.press("Escape");
	await found(page, "");
	assert.deepEqual(await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => rowsOf(page, n))), before);
	assert.equal(await page.locator("details.numbers[open]").count(), 0);
	await leave(page);
});

test("the search takes any text as it is, and looks into keys only", async (browser) => {
	const page = await visit(browser, report(...HOSTILE));
	const keys = output("python3", ["-c", "import sys; sys.path.insert(0, 'test/page'); import reading\n" +
		`print(*map(reading.shown, set(open('${KEYS}', 'rb').read().split(b'\\n')[:-1])), sep='\\n')`]).toString().split("\n");
	for (const text of ["<script>", ".*", "\\", "&lt;", "count", "%", "100", "\ufffd", "\u05e9"]) {
		const n = keys.filter((key) => key.includes(text)).length;
		await page.fill("#search", text);
		await found(page, n === 1 ? "1 row" : n + " rows");
		assert.ok((await rowsOf(page)).every((row) => row[0].toLowerCase().includes(text)), text);
	}
	await leave(page);
});

/* --- Hands and eyes -------------------------------------------------------------- */

test("keyboard: every control can be reached, and the focus is seen", async (browser) => {
	const page = await visit(browser, report(...OVERVIEW));
	const controls = await page.locator("a:visible, button:visible, input:visible, summary:visible").count();
	const seen = new Set();
	for (let i = 0; i < controls + 5; i++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const e = document.activeElement;
			if (e === document.body)
				return null;
			const style = getComputedStyle(e);
			return { name: e.tagName + Array.from(document.querySelectorAll(e.tagName)).indexOf(e),
				outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
		});
		if (!at)
			break;
		assert.ok(at.outline, at.name);
		seen.add(at.name);
	}
	assert.equal(seen.size, controls);
	assert.ok(controls > 25, String(controls));
	await leave(page);
});

test("keyboard: / goes to the search, Enter and Space sort, a chart's numbers unfold", async (browser) => {
	const page = await visit(browser, report(...OVERVIEW));
	await page.keyboard.press("/");
	await page.keyboard.type("a/b");
	assert.equal(await page.inputValue("#search"), "a/b");
	await page.keyboard.press("Escape");
	await found(page, "");
	const count = page.getByRole("table", { name: /^URLs/ }).getByRole("columnheader", { name: "count" });
	await count.getByRole("button").focus();
	await page.keyboard.press("Enter");
	assert.equal(await count.getAttribute("aria-sort"), "ascending");
	await page.keyboard.press("Space");
	assert.equal(await count.getAttribute("aria-sort"), "descending");
	assert.ok(await count.getByRole("button").evaluate((b) => b === document.activeElement));
	await page.getByText("The numbers as a table").focus();
	await page.keyboard.press("Enter");
	await page.getByRole("table", { name: /^Hits per hour/ }).waitFor();
	await leave(page);
});

test("screen readers: tables have names, rows and columns heads, the chart a text", async (browser) => {
	const page = await visit(browser, report(...OVERVIEW));
	for (const name of ["URLs", "Clients", "Status", "Referrer sites", "Agents", "Not found"]) {
		await page.getByRole("region", { name, exact: true }).getByRole("table", { name: new RegExp("^" + name + ": ") }).waitFor();
		await page.getByRole("heading", { name, exact: true, level: 2 }).waitFor();
	}
	await page.getByRole("img", { name: "Bars over time. From 2006-10-01T06 to 2006-10-01T07, each bar is 1 hour. " +
		"Maximum: 1,592 at 2006-10-01T06" }).waitFor();
	await page.getByRole("rowheader", { name: "/static/Vancouver-2.png" }).first().waitFor();
	assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), SAMPLE);
	await leave(page);
});

/* --- Tables over time ------------------------------------------------------------------ */

const chart = (page) => page.evaluate(() => ({
	bars: Array.from(document.querySelectorAll(".chart g"), (g) => ({
		title: g.querySelector("title").textContent,
		parts: Array.from(g.querySelectorAll(".part"), (part) => [part.getAttribute("class"), parseFloat(part.getAttribute("height"))]),
	})),
	lines: Array.from(document.querySelectorAll(".chart path"), (path) => [path.getAttribute("class"), path.getAttribute("d")]),
	legend: Array.from(document.querySelectorAll(".legend li"), (li) => li.textContent),
}));

test("over time: a bar for each row, with a part for each key, which the legend names", async (browser) => {
	const page = await visit(browser, report(...OVER));
	const { bars, lines, legend } = await chart(page);
	assert.deepEqual(legend, ["2xx", "3xx", "4xx", "5xx"]);
	assert.deepEqual(lines, []);
	const rows = await rowsOf(page);
	assert.equal(bars.length, 34);
	assert.equal(rows.length, 34);
	for (const [n, row] of rows.entries()) {
		const values = row.slice(1).map(number);
		assert.deepEqual(bars[n].parts.map(([name]) => name), [0, 1, 2, 3].filter((s) => values[s]).map((s) => `part s${s}`));
		for (const [i, [, height]] of bars[n].parts.entries())
			assert.ok(Math.abs(height - values.filter(Boolean)[i] / 80 * 100) < 0.01, `${row}`);
		assert.equal(bars[n].title.split(": ")[0], row[0]);
	}
	assert.equal(bars[0].title, "2006-10-01T06:33: 2xx: 8\n3xx: 2");
	await page.getByRole("img", { name: "Bars over time. From 2006-10-01T06:33 to 2006-10-01T07:06" }).waitFor();
	await leave(page);
});

test("over time: lines of what cannot be added up, broken where there is nothing", async (browser) => {
	const page = await visit(browser, report(...LINES));
	const { lines, legend } = await chart(page);
	assert.equal(lines.length, 10);
	assert.equal(legend.length, 10);
	assert.equal(legend[9], "rest");
	const rows = await rowsOf(page);
	for (const [name, d] of lines) {
		const column = name === "s9" ? 13 : 1 + Number(name.slice(1));
		const points = d.split(/[ML]/).length - 1;
		assert.equal(points, rows.filter((row) => row[column] !== "-").length, name);
	}
	await leave(page);
});

test("over time: many rows share the bars, and nothing is lost", async (browser) => {
	const file = save("years.json", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) =>
		JSON.stringify({ time: `20${10 + n}-01-01T00:00:00Z`, n })).join("\n"));
	const page = await visit(browser, report("-t", "1d", "-f", "n", file));
	const { bars, legend } = await chart(page);
	assert.ok(bars.length > 100 && bars.length <= 240);
	assert.equal(legend.length, 10);
	assert.equal(bars.flatMap((bar) => bar.parts).length, 10);
	await page.getByText("each bar is the sum of 14 rows").first().waitFor();
	await leave(page);
});

/* Each text's contrast to what is behind it, a bar included; the smallest, and where. */
function contrast() {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgb = (color) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return Array.from(canvas.getImageData(0, 0, 1, 1).data);
	};
	const light = (color) => {
		const part = rgb(color).slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
	};
	const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
	const root = getComputedStyle(document.documentElement);
	let worst = { ratio: 21 };
	for (const e of document.querySelectorAll("body *")) {
		if (!e.checkVisibility() || !Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim()))
			continue;
		const style = getComputedStyle(e);
		const grounds = [];
		for (let up = e; up; up = up.parentElement)
			if (rgb(getComputedStyle(up).backgroundColor)[3] > 0) {
				grounds.push(getComputedStyle(up).backgroundColor);
				break;
			}
		if (e.closest("[class^=b]"))
			grounds.push(root.getPropertyValue("--tint"));
		if (e.closest("tbody"))
			grounds.push(root.getPropertyValue("--hover"));
		const color = e instanceof SVGElement ? style.fill : style.color;
		for (const ground of grounds)
			if (ratio(color, ground) < worst.ratio)
				worst = { ratio: ratio(color, ground), text: e.textContent.slice(0, 40), color, ground };
	}
	return worst;
}

for (const colorScheme of ["light", "dark"])
	test(`${colorScheme}: each text has a contrast of 4.5 at least`, async (browser) => {
		for (const args of PAGES) {
			const page = await visit(browser, report(...args), { colorScheme });
			const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
			assert.equal(ground, colorScheme === "light" ? "rgb(245, 246, 248)" : "rgb(17, 20, 23)");
			const worst = await page.evaluate(contrast);
			assert.ok(worst.ratio >= 4.5 && worst.ratio < 21, JSON.stringify(worst));
			await leave(page);
		}
	});

test("from narrow to wide: nothing but a table is ever wider than the window", async (browser) => {
	for (const args of PAGES) {
		const page = await visit(browser, report(...args));
		await page.evaluate(() => document.querySelectorAll("details.numbers").forEach((d) => { d.open = true; }));
		for (const width of [320, 390, 768, 1280, 2560]) {
			await page.setViewportSize({ width, height: 800 });
			assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${args}: ${width}`);
			assert.ok(await page.locator("table.ranking th[scope=row]:visible").first().evaluate((e) => e.clientWidth) > 40);
		}
		await leave(page);
	}
});

test("a long key is cut, and opens to the whole of it", async (browser) => {
	const page = await visit(browser, report(...HOSTILE));
	await page.getByRole("button", { name: "Show all" }).click();
	const summary = page.locator("summary", { hasText: "/long?AAAA" });
	const height = async () => (await summary.boundingBox()).height;
	assert.ok(await height() < 80, `cut: ${await height()}`);
	await summary.focus();
	await page.keyboard.press("Enter");
	assert.ok(await height() > 2000, `open: ${await height()}`);
	assert.equal(await summary.textContent(), "/long?" + "A".repeat(70000));
	await page.keyboard.press("Enter");
	assert.ok(await height() < 80);
	await leave(page);
});

test("on paper: no controls, long keys whole, light, and a PDF", async (browser) => {
	const page = await visit(browser, report(...COLUMNS), { colorScheme: "dark" });
	await page.emulateMedia({ media: "print", colorScheme: "dark" });
	assert.equal(await page.locator("input:visible, nav:visible, .more:visible").count(), 0);
	assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
	const pdf = await page.pdf({ format: "A4", printBackground: true });
	assert.ok(pdf.subarray(0, 5).equals(Buffer.from("%PDF-")) && pdf.length > 10000);
	await leave(page);
	const keys = await visit(browser, report("-e", "(.{1000}).*", KEYS));
	await keys.emulateMedia({ media: "print" });
	const { height, line } = await keys.locator("summary").evaluate((e) => ({ height: e.clientHeight, line: parseFloat(getComputedStyle(e).lineHeight) }));
	assert.ok(height > 4 * line, `${height} ${line}`);
	await leave(keys);
});

/* --- Hostile keys ---------------------------------------------------------------- */

const withoutPolicy = (html) => html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>\n/, "");

/* Do with a page whatever might set something off. */
async function touchAll(page) {
	await page.evaluate(() => document.querySelectorAll("details.numbers").forEach((d) => { d.open = true; }));
	await page.locator("thead button").first().click();
	await page.fill("#search", "script");
	await page.waitForFunction(() => document.getElementById("found").textContent !== "");
	await page.fill("#search", "");
	await found(page, "");
	for (const more of await page.getByRole("button", { name: "Show all" }).all())
		await more.click();
	await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
	await page.evaluate(() => document.querySelectorAll("main *").forEach((e) => {
		for (const type of ["mouseover", "mouseenter", "focus", "click", "toggle", "load", "error"])
			e.dispatchEvent(new Event(type));
	}));
	await page.waitForTimeout(200);
}

const inPage = (page) => page.evaluate(() => ({
	pwned: window.pwned,
	scripts: document.scripts.length,
	elements: [...new Set(Array.from(document.querySelectorAll("main *"), (e) => e.localName))].sort().join(" "),
	handlers: Array.from(document.querySelectorAll("*")).some((e) => e.getAttributeNames().some((a) => /^(on|src|style$|action)/.test(a))),
	links: Array.from(document.links).every((a) => a.getAttribute("href").startsWith("#")),
}));

for (const policy of [true, false])
	test(`hostile keys do nothing: escaped${policy ? ", and with the policy" : ", without the policy"}`, async (browser) => {
		const html = fs.readFileSync(report(...HOSTILE), "utf8");
		const page = await visit(browser, save("escaped.html", policy ? html : withoutPolicy(html)));
		await touchAll(page);
		assert.deepEqual(await inPage(page), { pwned: undefined, scripts: 1, handlers: false, links: true,
			elements: "button caption details div h2 i li p section span summary table tbody td th thead tr ul code".split(" ").sort().join(" ") });
		await leave(page);
	});

test("hostile keys do nothing as columns over time", async (browser) => {
	const html = fs.readFileSync(report(...HOSTILE_OVER), "utf8");
	const page = await visit(browser, save("escaped.html", withoutPolicy(html)));
	await touchAll(page);
	const { pwned, scripts, handlers, links } = await inPage(page);
	assert.deepEqual({ pwned, scripts, handlers, links }, { pwned: undefined, scripts: 1, handlers: false, links: true });
	assert.equal(await page.locator("thead th").count(), 42 + 4);
	await leave(page);
});

test("hostile keys that were not escaped: the policy alone holds, and without it they would run", async (browser) => {
	const raw = fs.readFileSync(KEYS, "latin1").split("\n").filter((key) => key.includes("pwned") &&
		!/<!--|<plaintext|<!\[CDATA|<\/body|<meta|<base|<noscript/.test(key));
	const html = fs.readFileSync(report(...OVERVIEW), "utf8");
	const page = await visit(browser, report(...OVERVIEW));
	for (const key of new Set(raw)) {
		const file = save("raw.html", html.replace("<main>", () => "<main>" + key));
		await page.goto("file://" + file);
		await page.waitForTimeout(20);
		assert.equal(await page.evaluate(() => window.pwned), undefined, key);
		assert.deepEqual(page.loaded.filter((url) => url !== "file://" + file), [], key);
	}
	await page.goto("file://" + save("runs.html", withoutPolicy(html.replace("<main>", () => "<main>" + raw[0]))));
	assert.equal(await page.evaluate(() => window.pwned), 1);
	await page.context().close();
});

/* --- Many rows ------------------------------------------------------------------- */

test(`${MANY} rows: 50 are shown, all are sorted and searched`, async (browser) => {
	const log = save("many", output("sh", ["-c", `seq 1 ${MANY} | sed 's/.*/key-& &/'`]));
	const page = await visit(browser, report("-n", "0", "-f", "1", "-s", "2", log));
	const rows = () => rowsOf(page).then((all) => all.map((row) => row[0]));
	assert.deepEqual((await rows()).slice(0, 2), [`key-${MANY}`, `key-${MANY - 1}`]);
	assert.equal((await rows()).length, 50);
	await page.getByRole("columnheader", { name: "sum of 2" }).getByRole("button").click();
	assert.deepEqual((await rows()).slice(0, 2), ["key-1", "key-2"]);
	await page.fill("#search", "9999");
	await found(page, "19 rows");
	assert.deepEqual((await rows()).slice(0, 3), ["key-9999", "key-19999", "key-29999"]);
	await page.fill("#search", "key-1");
	await found(page, "11,112 rows");
	await page.getByRole("button", { name: "Show 500 more" }).click();
	assert.equal((await rows()).length, 550);
	assert.ok(await page.getByText("550 of 11,112 rows").isVisible());
	await leave(page);
});

run();
