#include "cli/presets.h"

#include <stddef.h>
#include <string.h>

static const char overview[] = "totals = yes\n"
			       "missing = ok\n"
			       "[URLs]\n"
			       "fields = url\n"
			       "[Clients]\n"
			       "fields = client\n"
			       "[Status]\n"
			       "fields = status\n"
			       "[Referrer sites]\n"
			       "fields = site\n"
			       "where = site!=-\n"
			       "[Agents]\n"
			       "fields = agent\n"
			       "[Not found]\n"
			       "fields = url\n"
			       "where = status=404\n"
			       "[Hits per hour]\n"
			       "fields = hour\n"
			       "order = last\n"
			       "top = 24\n";

/* The rules of Tim Bray's Wide Finder 2: pages are the articles of his site, and only lines with
 * the statuses 200, 304 and 404 count. */
#define WF2_PAGE "where = url~^/ongoing/When/\\d\\d\\dx/\\d\\d\\d\\d/\\d\\d/\\d\\d/[^ .]+$\n"
#define WF2_GOOD "where = status!~^404$\n"

static const char wf2[] =
	"log-format = widefinder\n"
	"layout = widefinder\n"
	"where = status~^(?:200|304|404)$\n"
	"[hits]\n"
	"fields = url\n" WF2_GOOD WF2_PAGE "[bytes]\n"
	"fields = url\n"
	"sum = bytes\n" WF2_GOOD "[404s]\n"
	"fields = url\n"
	"where = status~^404$\n"
	"[clients]\n"
	"fields = client\n" WF2_GOOD WF2_PAGE "[referrers]\n"
	"fields = referrer\n"
	"where = referrer!=-\n"
	"where = referrer!~^http://www\\.tbray\\.org/ongoing/\n" WF2_GOOD WF2_PAGE;

const char *const preset_names[] = {"overview", "wf2", NULL};
static const char *const texts[] = {overview, wf2};

const char *presets_find(const char *name)
{
	for (size_t i = 0; preset_names[i]; i++)
		if (strcmp(name, preset_names[i]) == 0)
			return texts[i];
	return NULL;
}
