/* harness.js -- what the tests of the page share: a browser, pages made by wf, a list of tests.
 *
 *	test("what is promised", async (browser) => { ... });
 *	run();
 *
 * Each test prints "ok" or "not ok", as TAP.  A visited page must be silent: whatever it writes on
 * the console, throws, asks or loads fails the test that visited it.
 */
"use strict";

const assert = require("node:assert/strict");
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const TREE = path.resolve(__dirname, "../..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "wf-page-"));
const tests = [];

function test(name, body) {
	tests.push({ name, body });
}

/* What a program prints. */
function output(program, args, input) {
	const done = spawnSync(program, args, { cwd: TREE, input, maxBuffer: 1 << 30 });
	assert.ok(done.status <= 1, `${program} ${args}: ${done.stderr}`);
	return done.stdout;
}

const wf = (...args) => output(process.env.WF, args);

function save(name, bytes) {
	const file = path.join(folder, name);
	fs.writeFileSync(file, bytes);
	return file;
}

/* A page of wf's, in a file; once for the same arguments. */
const made = new Map();
function report(...args) {
	const key = args.join(" ");
	if (!made.has(key))
		made.set(key, save(`${made.size}.html`, wf("--html", ...args)));
	return made.get(key);
}

/* Open a page in a window of its own; options are Playwright's. */
async function visit(browser, file, options = {}) {
	const context = await browser.newContext(options);
	context.setDefaultTimeout(10000);
	const page = await context.newPage();
	page.noise = [];
	page.on("console", (message) => page.noise.push("console: " + message.text()));
	page.on("pageerror", (error) => page.noise.push("error: " + error));
	page.on("dialog", (dialog) => { page.noise.push("dialog"); dialog.dismiss(); });
	page.on("request", (request) => page.noise.push("request: " + request.url().slice(0, 200)));
	/* What the policy has stopped is a request to Playwright, but was none. */
	const address = file.startsWith("http") ? file : pathToFileURL(file).href;
	const load = (request) => request.url() === address || page.loaded.push(request.url());
	page.loaded = [];
	page.on("requestfinished", load);
	page.on("requestfailed", (request) => request.failure().errorText === "csp" || load(request));
	await page.goto(address);
	assert.equal(page.noise.shift(), "request: " + address);
	if (options.javaScriptEnabled !== false)
		await page.waitForSelector("table.ranking.ready", { state: "attached" });
	return page;
}

/* Done with a page, of which nothing was heard. */
async function leave(page) {
	const noise = page.noise;
	await page.context().close();
	assert.deepEqual(noise, []);
}

async function run() {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM,
		args: process.getuid() === 0 ? ["--no-sandbox"] : [],
	});
	let failed = 0;
	for (const [i, { name, body }] of tests.entries()) {
		const start = Date.now();
		try {
			await body(browser);
			console.log(`ok ${i + 1} ${name} # ${Date.now() - start} ms`);
		} catch (error) {
			failed++;
			console.log(`not ok ${i + 1} ${name}\n${error.stack.replace(/^/gm, "# ")}`);
		}
	}
	await browser.close();
	fs.rmSync(folder, { recursive: true });
	console.log(`1..${tests.length}`);
	process.exitCode = failed ? 1 : 0;
}

module.exports = { TREE, assert, fs, leave, output, report, run, save, test, visit, wf };
