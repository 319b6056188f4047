// SPDX-License-Identifier: GPL-2.0-only
/*
 * The title of a commit out of a subject: what mailers, lists and archives put in front goes.
 */
#include "patch/patch_internal.h"

#include <stdio.h>

/* "1/2", "#1/2", "[1/2" */
static bool is_number_of(const char *word)
{
	word += strspn(word, "[#");
	return strchr(word, '/') && strspn(word, "0123456789/") == strlen(word);
}

/* "v2"; "v5.10" is a kernel */
static bool is_version(const char *word)
{
	return strspn(word, "vV") == 1 && word[1] &&
	       strspn(word + 1, "0123456789") == strlen(word + 1);
}

/*
 * Did a mailer write this "[..." ("[PATCH 1/2", "[01/13", "[net,v2,1/2", "[1 of 2"), not an author
 * ("[media")?
 */
static bool is_mail_tag(const char *open, const char *close)
{
	static const char *const words[] = { "PATCH", "RFC", "RESEND", "REPOST" };
	_cleanup_free_ char *tag = rq_xstrndup(open + 1, close - open - 1);
	int number, total;
	char *rest = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasestr(tag, words[i]))
			return true;
	}
	if (sscanf(tag, "%d of %d", &number, &total) == 2)
		return true;
	for (char *word = strtok_r(tag, " ,", &rest); word;
	     word = strtok_r(NULL, " ,", &rest)) {
		if (is_number_of(word) || is_version(word))
			return true;
	}
	return false;
}

/* Behind "Re:" and "[...]" at @p; @p where there is none. */
static const char *behind_prefix(const char *p)
{
	const char *close = *p == '[' ? strchr(p, ']') : NULL;

	if (strncasecmp(p, "re:", 3) == 0)
		return p + 3;
	return close ? close + 1 : p;
}

char *rq_header_title(struct rq_slice text)
{
	_cleanup_free_ char *decoded = rq_header_decode(text);
	const char *p = decoded + strspn(decoded, " "), *title = p, *next;

	for (; (next = behind_prefix(p)) != p; p = next) {
		next += strspn(next, " ");
		/* "[PATCH]: do it" */
		if (*p == '[' && *next == ':')
			next += strspn(next, ": ");
		if (*p == '[' ? is_mail_tag(p, strchr(p, ']')) : title == p)
			title = next;
	}
	return *title ? rq_xstrdup(title) : NULL;
}
