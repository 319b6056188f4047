// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: the template page.html with the data put in.  Every byte of the data that means
 * something to HTML is spelled in JSON's own way, so no text can end the element it stands in;
 * and only the script whose digest is in the head may run.
 */
#include "report/page_internal.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>

/* page.html as a C string; the Makefile makes it. */
static const char template[] =
#include "report/page.inc"
	;

#define SCRIPT "<script>"

static void add_data(struct rq_str *out, const json_t *root)
{
	char *json = json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII);

	for (const char *s = json; *s;) {
		size_t n = strcspn(s, "<>&");

		rq_str_add(out, s, n);
		s += n;
		if (*s)
			rq_str_addf(out, "\\u%04x", (unsigned char)*s++);
	}
	free(json);
}

static void add_hash(struct rq_str *out)
{
	const char *script = strstr(template, "\n" SCRIPT) + 1 + strlen(SCRIPT);
	const char *end = strstr(script, "</script>");
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = { 0 };
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, (size_t)(end - script), (const uint8_t *)script);
	sha256_digest(&ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	rq_str_addf(out, "sha256-%s", text);
}

/* Copies the template up to @mark; returns what is behind the mark. */
static const char *copy_to(struct rq_str *out, const char *from, const char *mark)
{
	const char *at = strstr(from, mark);

	rq_str_add(out, from, (size_t)(at - from));
	return at + strlen(mark);
}

void rq_page_html(struct rq_str *out, const struct rq_page *page)
{
	const char *rest = copy_to(out, template, "@HASH@");

	add_hash(out);
	rest = copy_to(out, rest, "@DATA@");
	add_data(out, page->root);
	rq_str_adds(out, rest);
}
