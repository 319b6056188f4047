/* SPDX-License-Identifier: GPL-2.0-only */
/* --- the panel --- */

/* The cell above or below the open one that is seen; undefined for none. */
function neighbour(by) {
	const rows = [...matrix.querySelectorAll("tbody tr")].filter(isShown);
	const tr = rows[rows.indexOf(openCell.closest("tr")) + by];

	return tr && tr.cells[openCell.cellIndex].querySelector("button, a");
}

function step(by) {
	const to = neighbour(by);

	if (to)
		go(to.dataset.go || to.getAttribute("href"), true);
}

function close() {
	go("#");
}

function render() {
	const to = target(here);

	hide(!to);
	if (to)
		open(to);
}

function open({ branch, row, cell }) {
	const label = openCell === cell ? null : cell.querySelector("button, a");

	openCell = cell;
	if (label)
		focusable(label);
	cell.classList.add("open");
	document.body.classList.add("paneled");
	detail.hidden = false;
	detail.append(panelNav(), ...(row === null ? branchDetail(branch) : branch ? entryDetail(branch, row) :
		overview(row)).filter(node => node));
	detail.scrollTop = 0;
	reveal(cell);
	detail.focus({ preventScroll: true });
}

/* The heads cover the matrix, and on a small screen the panel covers the page. */
function reveal(cell) {
	const head = matrix.tHead.offsetHeight, first = matrix.rows[0].cells[0].offsetWidth;

	sheet.style.scrollPadding = head + "px 0 0 " + first + "px";
	document.documentElement.style.scrollPaddingBottom =
		detail.offsetWidth === document.documentElement.clientWidth ? detail.offsetHeight + "px" : "";
	cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function hide(focus) {
	detail.hidden = true;
	detail.replaceChildren();
	document.body.classList.remove("paneled");
	if (!openCell)
		return;
	openCell.classList.remove("open");
	if (focus) {
		const label = openCell.querySelector("button, a");

		if (isShown(label))
			label.focus();
		openCell = null;
	}
}

function navButton(label, classes, act, off) {
	const button = el("button", classes, label);

	button.type = "button";
	button.disabled = off;
	button.addEventListener("click", act);
	return button;
}

function panelNav() {
	return el("nav", "", navButton("Close (Esc)", "close", close, false),
		navButton("Previous", "previous", () => step(-1), !neighbour(-1)),
		navButton("Next", "next", () => step(1), !neighbour(1)), anchor("Link", here));
}
