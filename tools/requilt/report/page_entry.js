/* SPDX-License-Identifier: GPL-2.0-only */
/* --- what the panel shows --- */

function heading(title, ...under) {
	const h2 = el("h2", "", title);

	h2.id = "detail-title";
	return el("header", "", h2, el("p", "soft", ...under));
}

/* The branch, its base, and the commit of the port or of an entry. */
function place(branch, commit) {
	return [anchor(branch.branch, link(branch.branch)), " " + (branch.version || "not ported"),
		...(branch.base ? [" · base ", id(branch.base), branch.base_date ? " of " + branch.base_date : null] : []),
		...(commit ? [" · commit ", id(commit)] : [])];
}

function section(title, ...nodes) {
	return el("div", "", el("h3", "", title), ...nodes);
}

/* A word for a shell. */
function quoted(word) {
	return /^[\w.\/+:@%-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
}

/* A call of requilt; the verb may have options. */
function command(verb, ...words) {
	return el("pre", "go", el("span", "", ["requilt", verb, ...words.some(w => w.startsWith("-")) ? ["--"] : [],
		...words.map(quoted)].join(" ")));
}

function warning(branch) {
	const again = () => command("port", data.queue, branch.branch);

	if (branch.word === "missing")
		return el("div", "warn", el("p", "", "Missing: this branch was not ported."), again());
	if (branch.word === "unchecked")
		return el("p", "warn", "Unchecked: the files say what follows, and it is not known whether the queue "
			  + "gives them. Run requilt status.");
	if (branch.stale)
		return el("div", "warn", el("p", "", "Stale: the base, the queue, the files or the ref changed since. "
			  + "What follows was true of something else; port again."), again());
	return null;
}

/* The lines in front of a hunk, "--- a/x.c" among them, add and remove nothing. */
function diff(text) {
	const classes = { "+": "add", "-": "del", "@": "at" };
	let inside = false;

	return el("pre", "", ...text.replace(/\n$/, "").split("\n").map(line => {
		if (line.startsWith("@@ ") || line.startsWith("diff --git "))
			inside = line[0] === "@";
		return el("span", inside && classes[line[0]] || "", line === "" ? " " : line);
	}));
}

/* A diff of two diffs: the first sign is of the patches, the second of their lines. */
function rangeDiff(text) {
	const outer = { "+": "add", "-": "del" }, inner = { "+": "inner-add", "-": "inner-del", "@": "at" };

	return el("pre", "range", ...text.replace(/\n$/, "").split("\n").map(line => {
		if (line.startsWith("@@ "))
			return el("span", "at", line);
		const rest = line.slice(1), names = /^(---|\+\+\+) /.test(rest);
		return el("span", [outer[line[0]], !names && inner[rest[0]]].filter(v => v).join(" "), el("b", "", line[0] || " "), rest);
	}));
}

/* Whether nothing but the lines that hunks state is another. */
function isMoved(text) {
	const lines = text.split("\n").filter(line => /^[-+]/.test(line));

	return lines.length > 0 && lines.every(line => /^[-+]@@ /.test(line));
}

function table(heads, rows) {
	const body = el("tbody");

	for (const row of rows)
		body.append(el("tr", "", ...row.map(v =>
			el("td", /^[+-]?\d+$/.test(v) ? "number" : "", v === null || v === undefined ? "" : v))));
	return el("div", "scroll", el("table", "", el("thead", "", el("tr", "", ...heads.map(h => el("th", "", h)))),
				      body));
}

function hunkTable(hunks) {
	return table(["file", "hunk", "how", "line", "offset", "why"], hunks.map(h => [
		el("code", "", h.file), h.hunk || "file", h.rung + (h.doubtful ? "?" : ""), h.line,
		h.offset > 0 ? "+" + h.offset : h.offset || null,
		(h.message || "") + (h.places ? " (places: " + h.places.join(", ") + ")" : "") +
		(h.fuzz ? " (fuzz " + h.fuzz + ")" : "")]));
}

/* What differs of two lines, to the ends of words: [before, difference, after] of each. */
function differing(a, b) {
	const cut = line => line.match(/\w+|\s+|[^\w\s]/g) || [];
	const x = cut(a), y = cut(b);
	let n = 0, m = 0;

	while (n < x.length && n < y.length && x[n] === y[n])
		n++;
	while (m < x.length - n && m < y.length - n && x[x.length - 1 - m] === y[y.length - 1 - m])
		m++;
	return [x, y].map(words => [words.slice(0, n), words.slice(n, words.length - m), words.slice(words.length - m)]
		.map(part => part.join("")));
}

function marked(sign, [before, middle, after]) {
	return [sign + before, middle ? el("mark", "", middle) : null, after];
}

/* The text of both sides in parts, what differs in the middle; of a line that only one has, all of it. */
function parts(row) {
	const left = (row.patch || "").slice(1), right = row.branch || "";

	if (row.kind !== "differs")
		return [["", "", left], ["", "", right]];
	return row.patch && row.branch !== null ? differing(left, right) : [["", left, ""], ["", right, ""]];
}

/* The lines of the patch beside those of the branch. */
function beside(rows) {
	const body = el("tbody");

	for (const row of rows) {
		const sign = (row.patch || "").slice(0, 1), [left, right] = parts(row);

		if (row.kind === "skipped")
			body.append(el("tr", "gap", el("td", "", "..."), el("td", "number"), el("td", "", "...")));
		else
			body.append(el("tr", "", el("td", { "+": "add", "-": "del" }[sign] || "", ...marked(sign, left)),
				       el("td", "number", row.line), el("td", "", ...marked("", right))));
	}
	const heads = [el("th", "", "the patch"), el("th", "number", "line"), el("th", "", "the branch")];
	return el("div", "scroll", el("table", "side", el("thead", "", el("tr", "", ...heads)), body));
}

function offers(branch, hunk) {
	return el("ol", "", ...hunk.offers.map(offer => {
		const li = el("li", "", offer.message, offer.diff ? diff(offer.diff) : null,
			command("resolve --take " + Number(offer.number), data.queue, branch.branch));

		li.value = offer.number;
		return li;
	}));
}

function conflict(branch, row, hunk) {
	return section("Conflict: " + hunk.file + (hunk.hunk ? " hunk " + hunk.hunk : ""),
		hunk.message ? el("p", "", hunk.message) : null,
		hunk.cut ? el("p", "", "One of many: the first ones of a branch are here in full, and this command prints it.") : null,
		hunk.cut ? command("show", data.queue, branch.branch, row) : null, hunk.rows ? beside(hunk.rows) : null,
		hunk.offers ? el("p", "", "It may be meant so:") : null, hunk.offers ? offers(branch, hunk) : null,
		hunk.wants_source ? el("p", "soft", "A source tree may help: source = in branches.conf names the tree that the patch was made for.") : null,
		hunk.beside ? el("details", "", el("summary", "", "as requilt show has it"), el("pre", "", ...hunk.beside.replace(/\n$/, "")
			.split("\n").map(line => el("span", line.startsWith("  !") ? "del" : "", line || " ")))) : null);
}

/* How to go on with an entry that needs a person. */
function further(branch, entry) {
	if (branch.stale || branch.word === "unchecked")
		return null;
	if (entry.outcome === "conflict")
		return section("To go on", el("p", "", "By hand, or with the offer that is right:"),
			       command("resolve", data.queue, branch.branch));
	if (entry.colour === "yellow" && !entry.reviewed)
		return section("If it is right", command("accept", data.queue, branch.branch, entry.patch));
	return null;
}

function message(m) {
	const where = [m.file || m.object, m.line, m.column].filter(v => v !== null && v !== undefined).join(":");

	return [where + ": " + m.tool + " " + m.kind + ": " + m.text, ...m.details.map(d => "    " + d)].join("\n");
}

function messages(entry) {
	const lines = (entry.failure ? [entry.failure] : []).concat(entry.new).map(message);

	return lines.length ? el("pre", "", ...lines.join("\n").split("\n").map(l => el("span", "", l))) : null;
}

function changeSection(entry) {
	const change = entry.change, name = short(entry.patch);

	if (!change)
		return null;
	if (change.kind === "same")
		return section("Patch", el("p", "", "The emitted patch is the source patch, byte for byte."));
	if (change.kind === "rule")
		return section("The patch that the rule became", diff(change.text));
	return section("Interdiff, as git range-diff: source patch against emitted patch",
		el("p", "name", name + " ! " + (entry.commit || "").slice(0, 12) + " " + name),
		isMoved(change.text) ? el("p", "", "Only the lines that the hunks state differ.") : null, rangeDiff(change.text));
}

function entryDetail(branch, row) {
	const entry = branch.by.get(row), old = branch.word === "unchecked" ? "unchecked: " : branch.stale ? "was " : "";

	if (!entry)
		return [heading(row, ...place(branch)), warning(branch) ||
			el("p", "", "The port ended before this entry.")];
	const conflicts = entry.hunks.filter(h => h.rows || h.offers || h.cut);
	return [
		heading(row, ...place(branch, entry.commit)),
		warning(branch),
		el("p", "", el("span", "chip " + (branch.stale ? "old" : colour(entry.colour)),
			       old + entry.outcome + (entry.mark || "")),
		   entry.reviewed ? " · accepted by a reader" : null,
		   entry.present_hunks ? " · " + entry.present_hunks + " hunks were there already" : null,
		   " · ", anchor("on all branches", link("", row))),
		entry.message && !conflicts.some(h => h.message) ? el("p", "", entry.message) : null,
		...conflicts.map(h => conflict(branch, row, h)),
		further(branch, entry),
		entry.hunks.length ? section("Hunks", hunkTable(entry.hunks)) : null,
		entry.notes ? section("Notes", table(["file", "line", "kind", "text"], entry.notes.map(n =>
			[el("code", "", n.file), n.line, n.kind, n.text]))) : null,
		...found(branch, row).map(([result, e]) => section("New messages: " + result.file, messages(e))),
		changeSection(entry),
	];
}

/* Of an entry that is red, what a person has to settle. */
function conflictDetail(branch, entry) {
	const conflicts = entry.hunks.filter(h => h.rows || h.offers || h.cut);

	return [heading(entry.patch, ...place(branch)),
		conflicts.some(h => h.message) ? null : el("p", "", entry.outcome + ": " + (entry.message || "")),
		...conflicts.map(h => conflict(branch, entry.patch, h)), further(branch, entry)];
}

/* An entry on all branches. */
function overview(row) {
	return [heading(row, data.branches.length + " branches"), table(["branch", "outcome", "why"], data.branches.map(branch => {
		const entry = branch.by.get(row), s = shown(branch, row);

		return [anchor(branch.branch, link(branch.branch, row)), el("span", "chip " + s.classes, s.label),
			entry && entry.message];
	}))];
}

function resultSection(result) {
	const facts = [result.stages.join(", "), result.config, result.compiler,
		       result.sparse ? "sparse " + result.sparse : null].filter(v => v);
	const boot = result.boot;

	return section(result.file,
		el("p", "", result.current ? null : el("span", "chip old", result.message ? "error" : "stale"),
		   " " + facts.join(" · ")),
		result.message ? el("p", "warn", result.message) : null,
		result.entries.length && result.current ?
			table(["tree", "objects", "verdict", "new", "gone"], result.entries.map(e =>
				[e.patch, e.objects, e.verdict, e.new.length, e.vanished])) : null,
		...(result.current ? result.entries.map(messages) : []),
		result.unchecked.length && result.current ?
			el("p", "", "sparse fails on the base, unchecked: " + result.unchecked.join("; ")) : null,
		boot && result.current ? el("div", "", el("p", "", "boot: base " + boot.base + ", ported " + boot.ported),
			   el("ul", "", ...boot.worse.map(w => el("li", "", w))),
			   boot.failing.length ? el("p", "", "fails on the base already: " + boot.failing.join("; ")) : null,
			   boot.tail ? el("details", "", el("summary", "", "the end of the port's console"),
					  el("pre", "", boot.tail)) : null) : null);
}

function branchDetail(branch) {
	return [
		heading(branch.branch, branch.version || "not ported"),
		warning(branch),
		branch.message ? el("p", "warn", branch.message) : null,
		branch.last_good ? el("p", "", "The last good series, " + branch.last_good +
			", is in last-good/ of its folder.") : null,
		branch.base ? table(["what", "id", "date"], [["base", el("code", "", branch.base), branch.base_date],
			["head", el("code", "", branch.head || "none: a conflict stopped it"), ""]]) : null,
		section("Verification", branch.results.length ? null : el("p", "", "No results of requilt verify were given.")),
		...branch.results.map(resultSection),
	];
}
