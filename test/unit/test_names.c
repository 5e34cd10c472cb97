/* test_names.c -- which names in JSON, LTSV and logfmt are base fields. */
#include "cuts.h"

static const struct {
	enum base base;
	const char *names;
} families[] = {
	{BASE_CLIENT, "address realip remoteAddr remote_host source.ip client.ip ClientIP "
		      "httpRequest.remoteIp downstream_remote_address properties.clientIP "
		      "req.remoteAddress network.client.ip x_forwarded_for fwd remote_addr "
		      "c_ip c-ip"},
	{BASE_STATUS, "response statusCode response_code http.response.status_code "
		      "EdgeResponseStatus httpRequest.status res.statusCode response.status "
		      "properties.httpStatus http.status_code sc_status"},
	{BASE_BYTES, "resp_body_size body_bytes bodyBytesSent EdgeResponseBytes "
		     "httpRequest.responseSize response.size responseLength content_length "
		     "http.response.body.bytes properties.sentBytes response_body_size"},
	{BASE_AGENT, "ua useragent user-agent httpUserAgent ClientRequestUserAgent "
		     "user_agent.original httpRequest.userAgent request_user_agent "
		     "req.headers.user-agent request.headers.user-agent cs_user_agent"},
	{BASE_URL, "requestUri requested_uri ClientRequestURI url.original "
		   "httpRequest.requestUrl properties.requestUri req.url http.url "
		   "x-envoy-origin-path x-envoy-original-path request_path"},
	{BASE_PATH, "path url.path resourcePath"},
	{BASE_QUERY, "request_query url.query properties.requestQuery"},
	{BASE_HOST, "domain authority :authority ClientRequestHost url.domain properties.host "
		    "request.headers.host"},
	{BASE_TIME, "start_time requestTime EdgeStartTimestamp started_at __REALTIME_TIMESTAMP"},
	{BASE_PROTO, "request_proto request_protocol"},
};

/* Check that a line of JSON with only this member has a value for this base field, and for no
 * other. */
static void check_json(struct cuts *c, enum base base, const char *member, const char *name)
{
	assert_int_equal(cuts_cut(c, span_text(member)), CUT_FITS);
	for (int b = 0; b < BASES; b++)
		if ((c->slots[b].at != NULL) != (b == (int)base))
			fail_msg("%s: %s: %s", name, member, base_names[b]);
	assert_span_equal(c->slots[base], span_text("v"));
}

/* Write the member for a name: with `nested`, "a.b" becomes the member b of the member a. */
static void write_member(const char *name, bool nested, char *out)
{
	char *to = out;
	int levels = 1;

	to += sprintf(to, "{\"");
	for (; *name; name++) {
		if (*name == '.' && nested) {
			to += sprintf(to, "\":{\"");
			levels++;
		} else {
			*to++ = *name;
		}
	}
	to += sprintf(to, "\":\"v\"");
	memset(to, '}', (size_t)levels);
	to[levels] = '\0';
}

TEST(names_of_many_programs)
{
	struct cuts c;
	char list[1000], member[200], *rest;

	cuts_open(&c, "json", NULL);
	for (size_t i = 0; i < COUNT(families); i++) {
		strcpy(list, families[i].names);
		for (char *n = strtok_r(list, " ", &rest); n; n = strtok_r(NULL, " ", &rest)) {
			write_member(n, false, member);
			check_json(&c, families[i].base, member, n);
			write_member(n, true, member);
			check_json(&c, families[i].base, member, n);
		}
	}
	cuts_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_many_programs),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
