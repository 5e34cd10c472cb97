/* heat_map.h -- a ranking of weekdays and hours of the day as a map: a row for each weekday, a
 * column for each hour.  The more was counted in an hour, the darker it is.
 *
 *	       00    03    06    09
 *	1-Mon  ....--------++++####++
 *	2-Tue  ..----++++++##########
 */
#ifndef REPORT_HEAT_MAP_H
#define REPORT_HEAT_MAP_H

#include "report/report_common.h"

enum { HEAT_DAYS = 7, HEAT_HOURS = 24, HEAT_DAY_NAME = 8 };

struct heat_map {
	const struct row *at[HEAT_DAYS][HEAT_HOURS]; /* NULL where nothing was counted */
	char days[HEAT_DAYS][HEAT_DAY_NAME];
	double largest; /* the largest weight of a row */
};

/* Make the map.  False if the ranking cannot be drawn as a map: its fields must be FIELD/dow and
 * FIELD/hod, in any order; it must have a row for each key; and no weight may be negative. */
bool heat_map_make(struct heat_map *, const struct report *, size_t which);

/* Return how dark an hour is, from 0 to `most`; 0 if nothing was counted, or if the sum is 0. */
int heat_map_shade(const struct heat_map *, const struct ranking *, int day, int hour, int most);

/* Make the map, and print it as a chart of an HTML page or on a terminal.  If it can't be made,
 * print nothing. */
void html_heat_map(const struct output *, const struct report *, size_t which);
void print_heat_map(const struct output *, const struct report *, size_t which);

#endif
