#include <linux/dmi.h>

static const struct quirk quirks[] = {
	{
		.vendor = "a",
		/* no jack */
		.data = HDMI,
	},
	{
		.vendor = "new",
		.data = HDMI,
	},
	{
		.vendor = "b",
		/* no jack */
		.data = JACK,
	},
	{
		.vendor = "c",
		.data = HDMI,
	},
	{
		.vendor = "a",
		.data = JACK,
	},
	{
		.vendor = "b",
		.data = HDMI,
	},
};
