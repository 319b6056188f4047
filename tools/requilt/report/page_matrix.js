"use strict";
/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything shown comes from strangers' patches: it reaches the page as text nodes only, never
 * as markup, and signs that would hide or reorder text are spelled out.
 */
const data = JSON.parse(document.getElementById("data").textContent);
const matrix = document.getElementById("matrix"), sheet = document.getElementById("sheet");
const detail = document.getElementById("detail"), paper = document.getElementById("paper");
const stages = ["build", "sparse", "boot"];
const states = [{ word: "stale", help: "made from something else" },
	{ word: "unchecked", help: "not known to be what the queue gives" }, { word: "missing", help: "not ported" }];
const marks = { "!": "! accepted by a reader", "?": "? in doubt", "+": "+ partly there already" };
const trs = new Map(), columns = new Map();
let here = location.hash, openCell = null;

function clean(text) {
	return String(text).replace(
		/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
		c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
}

/* An element with classes and children; strings become text. */
function el(name, classes, ...children) {
	const node = document.createElement(name);

	if (classes)
		node.className = classes;
	for (const child of children)
		if (child !== null && child !== undefined)
			node.append(child instanceof Node ? child : clean(child));
	return node;
}

function colour(word) {
	return ["green", "yellow", "red", "grey"].includes(word) ? word : "grey";
}

function id(commit) {
	return el("code", "", String(commit).slice(0, 12));
}

/* --- links: #branch, #branch:stage, #branch/entry, #/entry --- */

function link(branch, row, stage) {
	return "#" + encodeURIComponent(branch) + (stage ? ":" + stage : "") +
		(row ? "/" + row.split("/").map(encodeURIComponent).join("/") : "");
}

function anchor(text, hash) {
	const a = el("a", "", text);

	a.setAttribute("href", hash);
	return a;
}

/* What a link names, and its cell; null for none. */
function target(hash) {
	const [, head, , tail] = /^#?([^/]*)(\/(.*))?$/s.exec(hash);
	let branch, stage, row;

	try {
		[branch, stage] = head.split(":").map(decodeURIComponent);
		row = tail === undefined ? null : decodeURIComponent(tail);
	} catch {
		return null;
	}
	const column = branch ? columns.get(branch) : -1;
	const tr = row !== null ? trs.get("/" + row) : branch ? trs.get(stage || "port") || trs.get("port") : null;

	if (!tr || column === undefined)
		return null;
	return { branch: data.branches[column], row, cell: tr.cells[column + 1] };
}

function go(hash, replace) {
	here = hash;
	try {
		history[replace ? "replaceState" : "pushState"](null, "", hash);
	} catch {
		/* A page in a sandbox has no history; it shows what was asked for all the same. */
	}
	render();
}

window.addEventListener("popstate", () => {
	here = location.hash;
	render();
});

/* --- the matrix --- */

function shown(branch, row) {
	const entry = branch.by.get(row);

	if (branch.word === "missing")
		return { word: "missing", label: "missing", classes: "old", bad: true };
	if (!entry)
		return { word: "-", label: "-", classes: "grey" };
	if (branch.word === "unchecked")
		return { word: "unchecked", label: "unchecked", classes: "old", bad: true };
	if (branch.stale)
		return { word: "stale", label: "was " + entry.outcome, classes: "old", bad: true };
	const trouble = troubles(branch, row);
	return { word: entry.outcome, label: entry.outcome + (entry.mark || "") + trouble, mark: entry.mark,
		 classes: colour(entry.colour), bad: trouble !== "" || ["red", "yellow"].includes(entry.colour) };
}

/* What verify found of one entry: " · 2 new", " · build failed". */
function found(branch, row) {
	const list = [];

	for (const result of branch.results)
		for (const entry of result.current ? result.entries : [])
			if (entry.patch === row && (entry.failure || entry.new.length))
				list.push([result, entry]);
	return list;
}

function troubles(branch, row) {
	const list = found(branch, row), fresh = list.reduce((n, [, e]) => n + e.new.length, 0);

	return (list.some(([, e]) => e.failure) ? " · build failed" : "") + (fresh ? " · " + fresh + " new" : "");
}

function cell(label, classes, word, hash, name) {
	const td = el("td", classes), button = el("button", "", label);

	button.type = "button";
	button.tabIndex = -1;
	button.setAttribute("aria-label", clean(name + ": " + label));
	button.dataset.go = hash;
	td.dataset.word = word;
	td.append(button);
	return td;
}

function rowHead(text, title, hash) {
	const a = hash ? anchor(text, hash) : text, th = el("th", "name", a);

	th.scope = "row";
	if (hash)
		a.tabIndex = -1;
	if (title)
		th.title = clean(title);
	return th;
}

function short(path) {
	const prefix = data.queue + "/";

	return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

function wholeRow(word) {
	const tr = el("tr", "", rowHead(word));

	for (const branch of data.branches) {
		const stage = word === "port" ? { word: branch.word, colour: branch.colour } : branch.stages[word];
		const old = ["stale", "missing", "unchecked"].includes(stage.word);

		tr.append(cell(stage.word, old ? "old" : colour(stage.colour), "",
			       link(branch.branch, null, word === "port" ? "" : word), branch.branch + ", " + word));
	}
	trs.set(word, tr);
	return tr;
}

function entryRow(row, counts, used) {
	const tr = el("tr", "", rowHead(short(row), row, link("", row)));

	for (const branch of data.branches) {
		const s = shown(branch, row);
		const td = cell(s.label, s.classes, s.word, link(branch.branch, row), branch.branch + ", " + row);

		td.dataset.bad = s.bad ? "1" : "";
		tr.append(td);
		counts.set(s.word, (counts.get(s.word) || 0) + 1);
		if (s.mark)
			used.add(s.mark);
	}
	trs.set("/" + row, tr);
	return tr;
}

function columnHead(branch) {
	const a = anchor(branch.branch, link(branch.branch)), th = el("th", "", a, el("br"),
		el("span", "soft", branch.version || "not ported"));

	if (branch.base)
		th.append(el("span", "soft", " · " + (branch.base_date || "")), el("br"), el("span", "soft", "base ", id(branch.base)));
	a.tabIndex = -1;
	th.scope = "col";
	return th;
}

/* A row of a stage is there where one branch has a result of it. */
function drawMatrix(counts, used) {
	const head = el("tr", "", el("th", "", "entry"));
	const whole = el("tbody", "whole"), entries = el("tbody");
	const seen = stages.filter(word => data.branches.some(branch => branch.stages[word].word !== "-"));

	data.branches.forEach((branch, i) => {
		columns.set(branch.branch, i);
		head.append(columnHead(branch));
	});
	for (const word of ["port", ...seen])
		whole.append(wholeRow(word));
	for (const row of data.rows)
		entries.append(entryRow(row, counts, used));
	matrix.append(el("thead", "", head), whole, entries);
	const first = matrix.querySelector("button");
	if (first)
		first.tabIndex = 0;
	const left = stages.filter(word => !seen.includes(word));
	document.getElementById("unverified").textContent = left.length ?
		"No results of requilt verify: " + left.join(", ") + "." : "";
}

matrix.addEventListener("click", event => {
	const button = event.target.closest("[data-go], a");

	if (!button)
		return;
	event.preventDefault();
	go(button.dataset.go || button.getAttribute("href"));
});

/* --- what is shown of it: words, colour, text, branches --- */

function checkbox(value, change, ...label) {
	const box = el("input"), line = el("label", "", box, ...label);

	box.type = "checkbox";
	box.value = value;
	box.addEventListener("change", change);
	return line;
}

function drawFilter(counts, used) {
	for (const { word, help } of [...data.words, ...states])
		if (counts.has(word))
			document.getElementById("words").append(checkbox(word, applyFilter,
				el("span", "", word + " (" + counts.get(word) + ")"), el("small", "soft", help)));
	for (const branch of data.branches) {
		const line = checkbox(branch.branch, hideBranches, " " + branch.branch);

		line.firstChild.checked = true;
		document.getElementById("branches").append(line);
	}
	document.getElementById("marks").textContent = [...Object.keys(marks).filter(m => used.has(m)).map(m => marks[m]),
		counts.has("-") ? "- not looked at" : ""].filter(v => v).join(", ");
	document.getElementById("search").addEventListener("input", applyFilter);
	document.getElementById("colours").addEventListener("change", applyFilter);
}

/* What a search for an entry looks at: its name, the files that it touches, and why it is where it is. */
function textOf(row) {
	const parts = [row];

	for (const branch of data.branches) {
		const entry = branch.by.get(row);

		if (entry)
			parts.push(entry.message || "", ...entry.hunks.flatMap(h => [h.file, h.message || ""]));
	}
	return parts.join("\n").toLowerCase();
}

const texts = new Map();

function says(row, text) {
	if (!texts.has(row))
		texts.set(row, textOf(row));
	return texts.get(row).includes(text);
}

function applyFilter() {
	const wanted = new Set([...document.querySelectorAll("#words input:checked")].map(box => box.value));
	const hue = document.getElementById("colours").value;
	const text = document.getElementById("search").value.trim().toLowerCase();
	const hits = td => (!wanted.size || wanted.has(td.dataset.word)) &&
		(!hue || (hue === "bad" ? td.dataset.bad : td.classList.contains(hue)));
	let left = 0;

	for (const row of data.rows) {
		const tr = trs.get("/" + row), cells = [...tr.cells].slice(1);
		const hit = cells.map(hits);

		tr.hidden = (cells.length > 0 && !hit.some((is, i) => is && !cells[i].hidden)) || (text !== "" && !says(row, text));
		left += !tr.hidden;
		cells.forEach((td, i) => td.classList.toggle("dim", !hit[i]));
	}
	document.getElementById("none").textContent =
		wanted.size || hue || text ? left + " of " + data.rows.length + " entries" : "";
	keepStop();
}

function hideBranches() {
	const boxes = [...document.querySelectorAll("#branches input")];

	for (const tr of matrix.rows)
		boxes.forEach((box, i) => tr.cells[i + 1].hidden = !box.checked);
	applyFilter();
}

/* --- keys --- */

function isShown(node) {
	return !node.closest("[hidden]");
}

/* What has the one stop of Tab in the matrix must be seen. */
function keepStop() {
	const current = matrix.querySelector("[tabindex='0']");

	if (!current || !isShown(current)) {
		const next = [...matrix.querySelectorAll("td button")].find(isShown);

		if (next)
			focusable(next);
	}
}

function focusable(button) {
	for (const other of matrix.querySelectorAll("[tabindex='0']"))
		other.tabIndex = -1;
	button.tabIndex = 0;
}

/* The heads of entries are the column before the first. */
function move(button, down, right) {
	const rows = [...matrix.querySelectorAll("tbody tr")].filter(isShown);
	const y = rows.indexOf(button.closest("tr"));
	const stops = tr => [...tr.cells].filter(isShown).map(c => c.querySelector("button, a"));
	const x = stops(rows[y]).indexOf(button);
	const clamp = (n, max) => Math.max(0, Math.min(n, max));
	const cells = stops(rows[clamp(y + down, rows.length - 1)]);
	const to = cells[right === -Infinity ? 1 : clamp(x + right, cells.length - 1)] || button;

	focusable(to);
	to.focus();
}

matrix.addEventListener("keydown", event => {
	const keys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
		       Home: [0, -Infinity], End: [0, Infinity] };
	const button = event.target.closest("tbody button, tbody a");

	if (!button || !(event.key in keys) || event.altKey || event.metaKey || event.ctrlKey)
		return;
	event.preventDefault();
	move(button, ...keys[event.key]);
});

function trapTab(event) {
	const stops = [...detail.querySelectorAll("button:not(:disabled), a[href], summary")].filter(node => node.offsetParent);
	const first = stops[0], last = stops[stops.length - 1], at = document.activeElement;

	if (!detail.contains(at) || (event.shiftKey ? at === first || at === detail : at === last)) {
		event.preventDefault();
		(event.shiftKey ? last : first).focus();
	}
}

document.addEventListener("keydown", event => {
	if (detail.hidden || event.altKey || event.metaKey || event.ctrlKey)
		return;
	if (event.key === "Escape")
		close();
	else if (event.key === "Tab")
		trapTab(event);
	else if (detail.contains(event.target) && (event.key === "n" || event.key === "p"))
		step(event.key === "n" ? 1 : -1);
});

