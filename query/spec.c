#include "query/spec.h"

#include <stdlib.h>

const char *grouping_spec_fields(const struct grouping_spec *spec)
{
	return spec->fields.value ? spec->fields.value : spec->regexp.value ? NULL : "url";
}

void query_spec_free(struct query_spec *q)
{
	args_free(&q->grep);
	args_free(&q->vgrep);
	args_free(&q->where);
	for (size_t i = 0; i < q->n_groupings; i++) {
		args_free(&q->groupings[i].grep);
		args_free(&q->groupings[i].vgrep);
		args_free(&q->groupings[i].where);
	}
	free(q->groupings);
}
