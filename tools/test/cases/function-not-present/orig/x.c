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
	int more = 0;

	rc = lock_nested(s);
	if (rc)
		return rc;
	return 0;
}
