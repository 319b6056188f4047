// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom the trailers of a patch name, as receivers of its mail.
 */
#include "emit/receivers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "emit/emit.h"
#include "patch/patch.h"

/* "Reviewed-by: A Name <a@example.org>" gives what follows the colon. */
static bool persons_of_trailer(struct rq_slice line, struct rq_slice *persons)
{
	size_t n = rq_field_length(line);
	struct rq_slice name = { line.p, n };

	if (!n || !rq_is_trailer(line))
		return false;
	*persons = rq_slice_trim((struct rq_slice){ line.p + n + 1, line.n - n - 1 });
	return memchr(persons->p, '@', persons->n) &&
	       (rq_slice_ends(name, "-by") || rq_slice_ends(name, "-By") ||
		(name.n == 2 && strncasecmp(name.p, "cc", 2) == 0));
}

/* An address that a header takes as it is. */
static bool is_plain_email(struct rq_slice email)
{
	const char *at = memchr(email.p, '@', email.n), *end = email.p + email.n;

	if (!at || at == email.p || at + 1 == end)
		return false;
	for (const char *p = email.p; p < end; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("<>()[]\\,;:\"", *p) ||
		    (*p == '@' && p != at))
			return false;
	return true;
}

/* The name of a person without the quotes that a header's would have. */
static char *plain_name(struct rq_slice name)
{
	struct rq_str plain = { 0 };
	bool quoted = name.n > 1 && name.p[0] == '"' && name.p[name.n - 1] == '"';

	for (size_t i = quoted; i < name.n - quoted; i++) {
		if (quoted && name.p[i] == '\\' && i + 2 < name.n)
			i++;
		rq_str_add(&plain, name.p + i, 1);
	}
	return plain.s ? plain.s : rq_xstrdup("");
}

/*
 * "Doe, John <john@example.org> # 6.1+" as a header of a mail has it, without what people write behind an
 * address; NULL where it has no address.  The caller frees.
 */
static char *receiver(struct rq_slice person)
{
	const char *open = memchr(person.p, '<', person.n), *end = person.p + person.n;
	const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
	const char *hash = memchr(person.p, '#', person.n);
	_cleanup_free_ char *name = NULL, *email = NULL, *encoded = NULL;
	struct rq_slice at;

	if (!open || (hash && hash < open)) {
		at = (struct rq_slice){ person.p,
					(size_t)((hash ? hash : end) - person.p) };
		at = rq_slice_trim(at);
		return is_plain_email(at) ? rq_xstrndup(at.p, at.n) : NULL;
	}
	if (!close)
		return NULL;
	at = rq_slice_trim((struct rq_slice){ open + 1, (size_t)(close - open - 1) });
	if (!is_plain_email(at))
		return NULL;
	email = rq_xstrndup(at.p, at.n);
	name = plain_name(
		rq_slice_trim((struct rq_slice){ person.p, (size_t)(open - person.p) }));
	if (!*name)
		return TAKE_PTR(email);
	encoded = rq_header_encode(name, true);
	return rq_xasprintf("%s <%s>", encoded, email);
}

/*
 * Takes the first of "A <a@example.org>, B <b@example.org>".  A comma ends a person who has an address; the one
 * of "Doe, John <john@example.org>" does not.
 */
static struct rq_slice take_person(struct rq_slice *rest)
{
	struct rq_slice person = *rest;
	bool quoted = false, has_address = false;
	size_t n = 0;

	for (; n < rest->n && !(rest->p[n] == ',' && has_address && !quoted); n++) {
		if (rest->p[n] == '#') /* a remark, to the end of the line */
			n = rest->n - 1;
		else if (rest->p[n] == '"')
			quoted = !quoted;
		else if (rest->p[n] == '@')
			has_address = true;
	}
	person.n = n;
	n += n < rest->n;
	*rest = (struct rq_slice){ rest->p + n, rest->n - n };
	return rq_slice_trim(person);
}

void rq_receivers_of(struct rq_names *to, struct rq_slice body)
{
	struct rq_slice line, persons;

	while (rq_slice_next_line(&body, &line)) {
		if (!persons_of_trailer(line, &persons))
			continue;
		while (persons.n) {
			_cleanup_free_ char *one = receiver(take_person(&persons));

			if (one)
				rq_names_add_once(to, rq_slice_of(one));
		}
	}
}
