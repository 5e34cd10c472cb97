#include "store/tuple.h"

enum { SEPARATOR = 1, NUL = 2 };

size_t tuple_size(struct span value)
{
	size_t n = value.len;

	if (!span_first(value, '\0'))
		return n;
	for (size_t i = 0; i < value.len; i++)
		n += value.at[i] == '\0';
	return n;
}

char *tuple_put(char *at, const char *end, struct span value, bool first)
{
	if (!first && end - at >= TUPLE_SEPARATOR) {
		*at++ = '\0';
		*at++ = SEPARATOR;
	}
	if (value.len && value.len <= (size_t)(end - at) && !span_first(value, '\0'))
		return (char *)memcpy(at, value.at, value.len) + value.len;
	for (size_t i = 0; i < value.len && at < end; i++) {
		char c = value.at[i];
		*at++ = c;
		if (c == '\0' && at < end)
			*at++ = NUL;
	}
	return at;
}

/* Remove the first value from *rest, and write its bytes to `out`.  After the last value, rest->at
 * becomes NULL. */
static struct span take(struct span *rest, char *out)
{
	size_t n = 0, i = 0;

	for (; i < rest->len; i++) {
		out[n] = rest->at[i];
		if (rest->at[i] != '\0') {
			n++;
			continue;
		}
		i++;
		if (i < rest->len && rest->at[i] == SEPARATOR) {
			*rest = span_from(*rest, i + 1);
			return span_of(out, n);
		}
		n++;
	}
	*rest = span_of(NULL, 0);
	return span_of(out, n);
}

void tuple_split(struct span tuple, size_t n, char *out, struct span *values)
{
	for (size_t i = 0; i < n; i++) {
		values[i] = span_of("", 0);
		if (!tuple.at)
			continue;
		values[i] = take(&tuple, out);
		out += values[i].len;
	}
}
