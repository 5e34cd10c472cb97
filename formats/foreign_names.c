/* The field names come from the variables of nginx and Apache, from W3C, LTSV, CloudFront, GoAccess
 * and ECS, and from what users tend to type. */
#include "formats/foreign_names.h"

#include <string.h>
#include <strings.h>

struct foreign_name {
	const char *theirs, *ours;
};

static const struct foreign_name fields[] = {
	{"ip", "client"},
	{"ips", "client"},
	{"addr", "client"},
	{"address", "client"},
	{"remote", "client"},
	{"remote_addr", "client"},
	{"remote_host", "client"},
	{"remote_ip", "client"},
	{"remotehost", "client"},
	{"clientip", "client"},
	{"client_ip", "client"},
	{"client.ip", "client"},
	{"c-ip", "client"},
	{"source.ip", "client"},
	{"visitor", "client"},
	{"visitors", "client"},
	{"uri", "url"},
	{"urls", "url"},
	{"request_uri", "url"},
	{"requests", "url"},
	{"page", "path"},
	{"file", "path"},
	{"uri_path", "path"},
	{"cs-uri-stem", "path"},
	{"querystring", "query"},
	{"query_string", "query"},
	{"args", "query"},
	{"cs-uri-query", "query"},
	{"extension", "ext"},
	{"filetype", "ext"},
	{"verb", "method"},
	{"request_method", "method"},
	{"cs-method", "method"},
	{"protocol", "proto"},
	{"http_version", "proto"},
	{"httpversion", "proto"},
	{"cs-version", "proto"},
	{"code", "status"},
	{"statuscode", "status"},
	{"status_code", "status"},
	{"status_codes", "status"},
	{"http_status", "status"},
	{"response", "status"},
	{"sc-status", "status"},
	{"size", "bytes"},
	{"length", "bytes"},
	{"traffic", "bytes"},
	{"bandwidth", "bytes"},
	{"bytes_sent", "bytes"},
	{"body_bytes_sent", "bytes"},
	{"sc-bytes", "bytes"},
	{"ua", "agent"},
	{"useragent", "agent"},
	{"user-agent", "agent"},
	{"user_agent", "agent"},
	{"http_user_agent", "agent"},
	{"cs(user-agent)", "agent"},
	{"browser", "agent"},
	{"browsers", "agent"},
	{"bot", "agent"},
	{"ref", "referrer"},
	{"http_referer", "referrer"},
	{"cs(referer)", "referrer"},
	{"referring_sites", "site"},
	{"vhost", "host"},
	{"virtual_host", "host"},
	{"domain", "host"},
	{"server_name", "host"},
	{"cs-host", "host"},
	{"server_port", "port"},
	{"s-port", "port"},
	{"username", "user"},
	{"remote_user", "user"},
	{"cs-username", "user"},
	{"date", "day"},
	{"datetime", "time"},
	{"timestamp", "time"},
	{"@timestamp", "time"},
	{"time_local", "time"},
	{"time_iso8601", "time"},
};

/* The option names come from sort, head, SQL, grep, awk and others. */
static const struct foreign_name options[] = {
	{"sort", "order"},
	{"sort-by", "order"},
	{"limit", "top"},
	{"head", "top"},
	{"lines", "top"},
	{"max-count", "top"},
	{"count", "top"},
	{"field", "fields"},
	{"column", "fields"},
	{"group-by", "fields"},
	{"filter", "where"},
	{"pattern", "regexp"},
	{"regex", "regexp"},
	{"invert-match", "vgrep"},
	{"exclude", "vgrep"},
	{"field-separator", "delimiter"},
	{"threads", "jobs"},
	{"workers", "jobs"},
	{"parallel", "jobs"},
	{"output", "format"},
	{"output-format", "format"},
	{"verbose", "stats"},
	{"total", "sum"},
};

static const char *find(const struct foreign_name *all, size_t n, struct span theirs)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(all[i].theirs) == theirs.len &&
			strncasecmp(all[i].theirs, theirs.at, theirs.len) == 0)
			return all[i].ours;
	return NULL;
}

const char *foreign_field(struct span theirs)
{
	return find(fields, sizeof fields / sizeof *fields, theirs);
}

const char *foreign_option(struct span theirs)
{
	return find(options, sizeof options / sizeof *options, theirs);
}
