#include "formats/base.h"

const char *const base_names[BASES] = {"client", "ident", "user", "time", "date", "request",
	"method", "url", "path", "query", "proto", "status", "bytes", "referrer", "agent", "host",
	"port"};
