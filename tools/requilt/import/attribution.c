// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who wrote what is quoted: "On Wed, Dec 20, 2023 at 11:44 PM A U Thor <author@example.org> wrote:" and
 * what else mailers put in front of a quote.  Days and times are not read: their order depends on the country.
 */
#include "import/quoted_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

/* Behind the name. */
static const char *const verbs[] = { "wrote:",	 "writes:", "schrieb:",
				     "écrit :",	 "écrit:",  "escribió:",
				     "scritto:", "napsal:", "skrev:" };
/* In front of it. */
static const char *const words[] = { " schrieb ", " skrev " };

/* "Wed,", "Wednesday," */
static bool is_day(struct rq_slice word)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu",
					    "Fri", "Sat", "Sun" };

	for (size_t i = 0; i < ARRAY_SIZE(days); i++)
		if (rq_slice_starts(word, days[i]) && rq_slice_ends(word, ","))
			return true;
	return false;
}

/* AM, PM and what stands between a time and a name. */
static bool is_of_time(struct rq_slice word)
{
	static const char *const all[] = { "am", "pm",	"AM", "PM", "at", "um",
					   "à",	 "UTC", "On", "-",  "*",  "," };

	for (size_t i = 0; i < word.n; i++)
		if (isdigit((unsigned char)word.p[i]))
			return true;
	if (is_day(word))
		return true;
	while (word.n > 1 && strchr(",:", word.p[word.n - 1]))
		word.n--;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (rq_slice_eq(word, rq_slice_of(all[i])))
			return true;
	return word.n > 2 && word.p[0] == '(' && word.p[word.n - 1] == ')';
}

/* The words behind the last one that tells a time. */
static struct rq_slice behind_time(struct rq_slice text)
{
	struct rq_slice rest = text, word;

	while ((word = rq_slice_next_word(&rest)).n)
		if (is_of_time(word))
			text = (struct rq_slice){ word.p + word.n,
						  (size_t)(text.p + text.n - word.p) -
							  word.n };
	return rq_slice_trim(text);
}

static struct rq_slice without_quotes(struct rq_slice name)
{
	while (name.n > 1 && strchr("\"'", name.p[0]) && name.p[name.n - 1] == name.p[0])
		name = (struct rq_slice){ name.p + 1, name.n - 2 };
	return name;
}

/* "A U Thor <author@example.org>" without the address, which is taken off. */
static char *cut_address(struct rq_slice *text)
{
	const char *open = memrchr(text->p, '<', text->n);
	const char *end = text->p + text->n, *close;
	struct rq_slice address;

	if (!open || !(close = memchr(open, '>', (size_t)(end - open))))
		return NULL;
	address = (struct rq_slice){ open + 1, (size_t)(close - open - 1) };
	text->n = (size_t)(open - text->p);
	if (rq_slice_starts(address, "mailto:"))
		address = (struct rq_slice){ address.p + 7, address.n - 7 };
	return rq_xstrndup(address.p, address.n);
}

static void put_person(struct rq_person *out, struct rq_slice text)
{
	char *address = cut_address(&text);
	struct rq_slice name = without_quotes(behind_time(text));

	rq_person_release(out);
	out->address = address;
	if (name.n)
		out->name = rq_xstrndup(name.p, name.n);
}

bool rq_attribution_read(struct rq_person *out, struct rq_slice text)
{
	text = rq_slice_trim(text);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (rq_slice_ends(text, verbs[i])) {
			text.n -= strlen(verbs[i]);
			if (rq_slice_ends(rq_slice_trim(text), " a"))
				text.n = rq_slice_trim(text).n - 2;
			put_person(out, text);
			return true;
		}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = memmem(text.p, text.n, words[i], strlen(words[i]));

		if (!at || !rq_slice_ends(text, ":"))
			continue;
		at += strlen(words[i]);
		put_person(out,
			   (struct rq_slice){ at, (size_t)(text.p + text.n - 1 - at) });
		return true;
	}
	return false;
}

/* Digits as '9': dates, and times; a version of the kernel is none of them. */
static bool is_time_or_date(struct rq_slice word)
{
	static const char *const shapes[] = {
		"9:99",	      "99:99",	    "9:99:99",	 "99:99:99",   "9999-99-99",
		"9999/99/99", "99/99/9999", "9/99/9999", "99/9/9999",  "9/9/9999",
		"99/99/99",   "99.99.99",   "9.9.9999",	 "99.9.9999",  "9.99.9999",
		"99.99.9999", "99-99-9999", "99h99",	 "9999.99.99",
	};
	char shape[16];

	if (word.n >= sizeof(shape))
		return false;
	for (size_t i = 0; i < word.n; i++)
		shape[i] = isdigit((unsigned char)word.p[i]) ? '9' : word.p[i];
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (rq_slice_eq((struct rq_slice){ shape, word.n },
				rq_slice_of(shapes[i])))
			return true;
	return false;
}

/* A whole number up to four digits; 0: it is none. */
static int small_number(struct rq_slice word)
{
	int n = 0;

	if (word.n > 1 && word.p[word.n - 1] == '.')
		word.n--;
	if (word.n > 4)
		return 0;
	for (size_t i = 0; i < word.n; i++) {
		if (!isdigit((unsigned char)word.p[i]))
			return 0;
		n = n * 10 + word.p[i] - '0';
	}
	return n;
}

bool rq_attribution_is_sure(struct rq_slice text)
{
	struct rq_slice word;
	int near = 0; /* words in which a year may follow the number of a day */

	while ((word = rq_slice_next_word(&text)).n) {
		const char *at = memchr(word.p, '@', word.n);
		int number;

		if ((at && at > word.p + 1 && at + 2 < word.p + word.n) || is_day(word))
			return true;
		while (word.n && strchr(",:;)", word.p[word.n - 1]))
			word.n--;
		if (word.n && word.p[0] == '(')
			word = (struct rq_slice){ word.p + 1, word.n - 1 };
		if (is_time_or_date(word))
			return true;
		number = small_number(word);
		if (near-- > 0 && number >= 1970 && number < 2100)
			return true;
		if (number > 0 && number < 32)
			near = 2;
	}
	return false;
}

void rq_person_release(struct rq_person *person)
{
	free(person->name);
	free(person->address);
	*person = (struct rq_person){ 0 };
}

/* "Thor, A U" is "A U Thor". */
static bool has_turned(struct rq_slice line, const char *name)
{
	const char *comma = strstr(name, ", ");
	_cleanup_free_ char *turned =
		comma ? rq_xasprintf("%s %.*s", comma + 2, (int)(comma - name), name)
		      : NULL;

	return turned && rq_slice_has(line, turned);
}

bool rq_person_is_in(const struct rq_person *person, struct rq_slice line)
{
	if (person->address && strchr(person->address, '@') &&
	    rq_slice_has(line, person->address))
		return true;
	return person->name &&
	       (rq_slice_has(line, person->name) || has_turned(line, person->name));
}

bool rq_is_masked(struct rq_slice line)
{
	static const char *const masks[] = { "...",  "***",  "xxx@", "@xxx",
					     "[at]", "(at)", " at ", "[email" };

	if (!memchr(line.p, '@', line.n))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++)
		if (rq_slice_has(line, masks[i]))
			return true;
	return false;
}
