int f(struct dev *d, int k)
{
	int x;

	switch (k) {
	case ALPHA:
		x = 1;
		break;
	case GAMMA:
		x = 5;
		break;
	default:
		x = 9;
	}
	switch (d->mode) {
	case MODE_A:
		d->y = 4;
		break;
	default:
		return -EINVAL;
	}
	return x;
}

int g(void)
{
	return 7;
}
