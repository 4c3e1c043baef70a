/* json_float.c - the text of a float as Go writes it; see json.h */
#include "codec/json.h"

#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

/* The shortest digits that read back as the same double, as "d.ddde±xx". */
static void shortest(double value, char text[40])
{
	double back = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, 40, "%.*e", precision, value);
		if (num_float(text, &back) != -EINVAL && memcmp(&back, &value, sizeof(back)) == 0)
			return;
	}
}

/* SPEC Go strconv: encoding/json uses exponents below 1e-6 and from 1e21; %v below 1e-4 and from 1e6 */
void json_float_text(double value, char how, struct str *out)
{
	char text[40] = "";
	const char *mark;
	int exponent, digits;

	if (isnan(value) || isinf(value)) {
		str_add(out, isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
		return;
	}
	shortest(value, text);
	mark = strchr(text, 'e');
	exponent = (int)(10 * (mark[2] - '0') + (mark[3] - '0'));
	if (mark[4])
		exponent = 10 * exponent + (mark[4] - '0');
	if (mark[1] == '-')
		exponent = -exponent;
	digits = (int)(mark - text) - (text[0] == '-') - (strchr(text, '.') != NULL);
	if (value != 0 && (exponent < (how == 'j' ? -6 : -4) || exponent >= (how == 'j' ? 21 : 6))) {
		/* Go's JSON writes e-9 where %v writes e-09 */
		if (how == 'j' && mark[1] == '-' && mark[2] == '0')
			str_addf(out, "%.*s-%s", (int)(mark + 1 - text), text, mark + 3);
		else
			str_add(out, text);
		return;
	}
	str_addf(out, "%.*f", digits - 1 > exponent ? digits - 1 - exponent : 0, value);
}
