#include "x.h"

static const struct dmi table[] = {
	{
		.callback = other,
		.matches = {
			MATCH(VENDOR, "Dell Inc"),
			MATCH(SKU, "0A01"),
		},
		.driver_data = (void *)HDMI,
	},
	{
		.callback = quirk,
		.matches = {
			MATCH(VENDOR, "Dell Inc"),
			MATCH(SKU, "0B8C"),
		},
		.driver_data = (void *)HDMI,
	},

	{
		.callback = quirk,
		.matches = {
			MATCH(VENDOR, "Dell Inc"),
			MATCH(SKU, "0B13"),
		},
		.driver_data = (void *)HDMI,
	},
	{
		.callback = quirk,
		.matches = {
			MATCH(VENDOR, "Dell Inc"),
			MATCH(SKU, "0B14"),
		},
		/* No Jack */
		.driver_data = (void *)HDMI,
	},
	{
		.callback = quirk,
		.matches = {
			MATCH(VENDOR, "Dell Inc"),
			MATCH(SKU, "0B29"),
		},
		.driver_data = (void *)HDMI,
	},
	{ }
};
