// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as port.json, and as what verify printed: whatever they say, nothing of it steers a
 * terminal, is markup in the page, or makes a line of the summary.
 */
#include "fuzz.h"

#include "report/report.h"

static size_t count(struct rq_slice text, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == c;
	return n;
}

static void check_show(struct rq_slice input)
{
	struct rq_err err = { 0 };
	char *shown = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&shown, &n);
	int rc = rq_report_show(out, "port.json", input, NULL, false, &err);

	fclose(out);
	must(rc == 0 || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	for (size_t i = 0; i < n; i++)
		must(shown[i] == '\n' ||
		     ((unsigned char)shown[i] >= 0x20 && shown[i] != 0x7f));
	free(shown);
}

static void check_readers(struct rq_slice input)
{
	struct rq_port_summary summary = { 0 };
	struct rq_ported ported = { 0 };
	struct rq_err err = { 0 };
	struct rq_verified_branch branch = { 0 };

	rq_report_summary(&summary, "port.json", input, &err);
	rq_port_summary_release(&summary);
	rq_report_ported(&ported, "port.json", input, &err);
	rq_ported_release(&ported);
	rq_vec_push(&branch.entries)->patch = rq_xstrdup("base");
	rq_report_verified_recall(&branch, true, input);
	rq_verified_branch_release(&branch);
}

/* @port may be empty: then there is a branch without a port. */
static struct rq_page *page_of(struct rq_slice port)
{
	struct rq_series series = { .name = "q" };
	struct rq_page *page = rq_page_new(&series);
	struct rq_err err = { 0 };
	int rc = rq_page_branch(
		page,
		&(struct rq_page_branch){
			.name = "b", .word = "green", .path = "port.json", .json = port },
		&err);

	must(rc == 0 || rc == RQ_EFORMAT || rc == RQ_EUNSAFE);
	return page;
}

static void check_page(struct rq_page *page)
{
	static size_t tags, ends;
	struct rq_str html = { 0 }, summary = { 0 };
	struct rq_slice rest, line;

	rq_page_html(&html, page);
	if (!tags) {
		struct rq_page *empty = page_of(RQ_SLICE(""));
		struct rq_str plain = { 0 };

		rq_page_html(&plain, empty);
		tags = count(rq_str_slice(&plain), '<');
		ends = count(rq_str_slice(&plain), '\n');
		rq_str_release(&plain);
		rq_page_free(empty);
	}
	must(count(rq_str_slice(&html), '<') == tags);
	must(count(rq_str_slice(&html), '\n') == ends);
	rq_page_markdown(&summary, page);
	rest = rq_str_slice(&summary);
	while (rq_slice_next_line(&rest, &line))
		must(line.n == 1 || strchr("#|-", line.p[0]));
	must(!count(rq_str_slice(&summary), '<'));
	rq_str_release(&html);
	rq_str_release(&summary);
	rq_page_free(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rq_slice input = input_of(data, size);
	struct rq_err err = { 0 };
	struct rq_page *page;
	size_t taken = 0;

	check_show(input);
	check_readers(input);
	check_page(page_of(input));
	page = page_of(RQ_SLICE(""));
	rq_page_results(page, "results.json", "r", input, &taken, &err);
	check_page(page);
	return 0;
}
