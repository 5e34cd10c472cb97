/* page.js -- sorts and searches the tables of an HTML report of wf.
 *
 * The page is complete without this script.  The script keeps a list of each table's rows, with the
 * text in which it searches.  Only the rows that are shown are in the document, so that a table of
 * 100,000 rows stays fast.  Text from the log is only moved, never written as markup.
 */
"use strict";

(function () {
	const SHOWN = 50; /* rows; page.css hides the other rows until the script removes them */
	const MORE = 500;
	const AT_ONCE = 10000; /* rows; browsers take about 0.2 ms to lay out a row */
	const PAUSE = 150; /* milliseconds from a keystroke to the search */

	document.documentElement.classList.add("js");

	const grouped = (n) => n.toLocaleString("en-US");

	function element(name, text) {
		const e = document.createElement(name);
		e.textContent = text;
		return e;
	}

	/* --- Order ------------------------------------------------------------- */

	/* Convert a number that wf has printed to billionths, exactly.  null if it is not a number. */
	function number(text) {
		const parts = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text.replace(/,/g, ""));
		if (!parts)
			return null;
		const n = BigInt(parts[2] + (parts[3] || "").padEnd(9, "0"));
		return parts[1] ? -n : n;
	}

	/* Convert the change of a comparison to a number: "×7.8" to 7.8; what is gone comes below, and what
	 * is new above all others. */
	function change(text) {
		const others = { gone: "0", new: "9".repeat(30), "-": "-1" };
		return number(others[text] || text.replace("×", ""));
	}

	/* Compare texts as wf does, by their bytes in UTF-8.  UTF-16 orders surrogates differently. */
	function compareTexts(a, b) {
		const length = Math.min(a.length, b.length);
		let i = 0;
		while (i < length && a[i] === b[i])
			i++;
		if (i === length)
			return a.length - b.length;
		const surrogate = (c) => c >= 0xd800 && c <= 0xdfff;
		const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
		return surrogate(x) === surrogate(y) ? x - y : surrogate(x) ? 1 : -1;
	}

	const compareNumbers = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

	/* --- A table ----------------------------------------------------------- */

	class Ranking {
		constructor(table) {
			this.table = table;
			this.body = table.tBodies[0];
			this.heads = Array.from(table.tHead.rows[0].cells);
			this.all = Array.from(this.body.rows, (tr, rank) => ({ tr, rank, text: null }));
			this.ordered = this.all;
			this.found = this.all;
			this.sought = "";
			this.limit = SHOWN;
			this.heads.forEach((head, column) => this.addButton(head, column));
			this.more = this.addMore();
			table.classList.add("ready");
			this.show();
		}

		addButton(head, column) {
			const button = document.createElement("button");
			button.type = "button";
			button.append(...head.childNodes);
			button.addEventListener("click", () => this.sort(column));
			head.append(button);
		}

		addMore() {
			const more = element("p", "");
			const add = (click) => {
				const button = element("button", "");
				button.type = "button";
				button.addEventListener("click", click);
				return button;
			};
			this.count = element("span", "");
			this.some = add(() => this.extend(MORE));
			this.rest = add(() => this.extend(Infinity));
			more.className = "more";
			more.append(this.count, this.some, this.rest);
			this.table.parentNode.after(more);
			return more;
		}

		extend(by) {
			const from = this.limit;
			this.limit += by;
			this.show();
			/* If the buttons have disappeared, move the focus to the first new row. */
			if (this.more.hidden && from < this.found.length) {
				const row = this.found[from].tr.cells[0];
				row.tabIndex = -1;
				row.focus();
			}
		}

		/* Return the column whose values order the rows.  Shares are rounded, so they are
		 * ordered by the sums or counts from which they were computed. */
		keyOf(column) {
			if (this.heads[column].classList.contains("share"))
				return this.heads.findIndex((h) => h.classList.contains("weight"));
			return column;
		}

		/* Return the values in a column (as numbers, if all of them are numbers), a function
		 * that compares them, and the order in which they are sorted first. */
		valuesOf(column) {
			const texts = this.all.map((row) => row.tr.cells[column].textContent);
			const changes = this.heads[column].classList.contains("change");
			const numbers = texts.map(changes ? change : number);
			return numbers.includes(null)
				? { values: texts, compare: compareTexts, first: "ascending" }
				: { values: numbers, compare: compareNumbers, first: "descending" };
		}

		/* Sort the rows by a column.  If they are already sorted by it, reverse the order.  Rows
		 * with equal values are in the order of their rank. */
		sort(column) {
			const { values, compare, first } = this.valuesOf(this.keyOf(column));
			const other = first === "ascending" ? "descending" : "ascending";
			const now = this.heads[column].getAttribute("aria-sort");
			const order = now === first ? other : first;
			const sign = order === "ascending" ? 1 : -1;
			this.ordered = this.all.slice().sort(
				(a, b) => sign * compare(values[a.rank], values[b.rank]) || a.rank - b.rank);
			this.heads.forEach((head) => head.removeAttribute("aria-sort"));
			this.heads[column].setAttribute("aria-sort", order);
			this.search(this.sought);
		}

		textOf(row) {
			if (row.text === null) {
				const cells = Array.from(row.tr.cells).filter(
					(cell, column) => this.heads[column].classList.contains("key"));
				row.text = cells.map((cell) => cell.textContent.toLowerCase()).join("\n");
			}
			return row.text;
		}

		/* Show only rows that contain the text, which is in lower case.  Returns their number. */
		search(text) {
			if (this.sought !== text)
				this.limit = SHOWN;
			this.sought = text;
			this.found = text
				? this.ordered.filter((row) => this.textOf(row).includes(text))
				: this.ordered;
			this.show();
			return this.found.length;
		}

		show() {
			const left = this.found.length - this.limit;
			this.body.replaceChildren(...this.found.slice(0, this.limit).map((row) => row.tr));
			this.more.hidden = left <= 0;
			this.count.textContent = grouped(Math.min(this.limit, this.found.length)) + " of " +
				grouped(this.found.length) + " rows";
			this.some.textContent = "Show " + grouped(MORE) + " more";
			this.some.hidden = left <= MORE;
			this.rest.textContent = "Show all";
			this.rest.hidden = left > AT_ONCE;
		}
	}

	/* --- The search -------------------------------------------------------- */

	function tell(found, rankings) {
		const rows = found.reduce((sum, n) => sum + n, 0);
		const tables = found.filter((n) => n > 0).length;
		const text = grouped(rows) + (rows === 1 ? " row" : " rows");
		return rankings.length > 1 && rows
			? text + " in " + tables + (tables === 1 ? " ranking" : " rankings") : text;
	}

	/* Open a folded table if rows were found in it; afterwards, fold it again. */
	function unfold(ranking, open) {
		const fold = ranking.table.closest("details.numbers");
		if (!fold || fold.open === open)
			return;
		if (open || fold.dataset.unfolded)
			fold.open = open;
		if (open)
			fold.dataset.unfolded = "yes";
		else
			delete fold.dataset.unfolded;
	}

	function searchAll(rankings, input, output) {
		const text = input.value.toLowerCase();
		const found = rankings.map((ranking) => {
			const n = ranking.search(text);
			ranking.table.closest("section").hidden = text !== "" && n === 0;
			unfold(ranking, text !== "" && n > 0);
			return n;
		});
		output.textContent = text ? tell(found, rankings) : "";
	}

	function addSearch(rankings) {
		const input = document.getElementById("search");
		const output = document.getElementById("found");
		let timer = 0;
		const later = () => {
			clearTimeout(timer);
			timer = setTimeout(() => searchAll(rankings, input, output), PAUSE);
		};
		input.addEventListener("input", later);
		input.addEventListener("keydown", (event) => {
			if (event.key === "Escape" && input.value) {
				event.preventDefault();
				input.value = "";
				later();
			}
		});
		document.addEventListener("keydown", (event) => {
			if (event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey &&
				event.target !== input) {
				event.preventDefault();
				input.focus();
			}
		});
		input.parentNode.hidden = false;
	}

	document.addEventListener("DOMContentLoaded", () => {
		const tables = Array.from(document.querySelectorAll("table.ranking"));
		if (tables.length)
			addSearch(tables.map((table) => new Ranking(table)));
	});
})();
