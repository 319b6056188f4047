/* SPDX-License-Identifier: GPL-2.0-only */
/* --- paper: it cannot be clicked, so all conflicts follow the matrix --- */

function drawPaper() {
	paper.replaceChildren(...data.branches.filter(branch => !branch.stale).flatMap(branch => branch.entries
		.filter(entry => entry.colour === "red").flatMap(entry => conflictDetail(branch, entry).filter(node => node))));
	for (const h2 of paper.querySelectorAll("h2"))
		h2.removeAttribute("id");
}

window.addEventListener("beforeprint", drawPaper);
window.matchMedia("print").addEventListener("change", event => event.matches ? drawPaper() : paper.replaceChildren());

/* --- start --- */

/* Exact hunks in a row came as one. */
function unfolded(hunk) {
	return [hunk, ...(hunk.lines || []).map((line, i) => ({ ...hunk, hunk: hunk.hunk + i + 1, line }))];
}

function start() {
	const counts = new Map(), used = new Set(), commit = data.commit;

	for (const branch of data.branches) {
		for (const entry of branch.entries)
			entry.hunks = entry.hunks.flatMap(unfolded);
		branch.by = new Map(branch.entries.map(e => [e.patch, e]));
	}
	document.title = clean("requilt: " + data.queue);
	document.getElementById("title").textContent = clean(data.queue);
	document.getElementById("about").textContent = clean(data.rows.length + " entries on " +
		data.branches.length + " branches, " + data.tool);
	if (commit)
		document.getElementById("from").append("queue commit ", id(commit.id), " of " + commit.date +
			(commit.changed ? ", and changes since that are not committed" : ""));
	drawMatrix(counts, used);
	drawFilter(counts, used);
	if (here.length > 1)
		render();
	if (window.matchMedia("print").matches)
		drawPaper();
}

start();
