int f(struct dev *d, int k)
{
	ret = open_alpha(d, k);
	if (ret)
		goto err;
	mark_ready(d);
	return 0;
err:
	put_device(d);
	return ret;
}

int g(void)
{
	return 7;
}
