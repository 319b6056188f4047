/* 0 */
/* 1 */
/* 2 */
/* 3 */
/* 4 */
/* 5 */
/* 6 */
/* 7 */
/* 8 */
/* 9 */
/* 10 */
/* 11 */
/* 12 */
/* 13 */
/* 14 */
/* 15 */
/* 16 */
int fa(struct s *s)
{
	int rc;

	if (!s)
		return -EINVAL;
	rc = lock(s);
	if (rc)
		return rc;
	return 0;
}

int other(void)
{
	return 1;
}

int fb(struct s *s)
{
	int rc;

	rc = lock(s);
	if (rc)
		return rc;
	return 0;
}
