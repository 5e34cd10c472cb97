/* test_layout.c -- format strings of Apache and nginx: which lines fit, how they are cut, and which
 * strings are errors. */
#include "cuts.h"

#include "formats/timestamp.h"
#include "regex/pattern.h"

#define TIME "17/Jun/2007:12:00:01 -0700"

struct example {
	const char *format, *own;
	struct span line;
	const char *expected; /* see cuts_expect */
};

static const struct example examples[] = {
	/* Common. */
	{"common", NULL, BYTES("h - - [" TIME "] \"GET / HTTP/1.1\" 200 12"),
		"client=h|ident=-|user=-|time=" TIME "|request=GET / HTTP/1.1|status=200|bytes=12|"
		"referrer|agent|host|port|url|path|query|method|proto|date"},
	{"common", NULL, BYTES("  \th - - [" TIME "] \"\" - -"),
		"client=h|request=|status=-|bytes=-"},
	{"common", NULL, BYTES("h l a b [c] [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l a b c [" TIME "] \"x\" 200 1"), "ident=l|user=a b c"},
	{"common", NULL, BYTES("h l  [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l - x [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l x - [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l a -  b [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l - - [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h l -  [" TIME "] \"x\" 200 1"), "user=- "},
	{"common", NULL, BYTES("h l  - [" TIME "] \"x\" 200 1"), "user= -"},
	{"common", NULL, BYTES("h l a -b c- -- [" TIME "] \"x\" 200 1"), "user=a -b c- --"},
	{"common", NULL, BYTES("h l -x [" TIME "] \"x\" 200 1"), "user=-x"},
	{"common", NULL, BYTES("h l  x [" TIME "] \"x\" 200 1"), "user= x"},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12 and more"), "bytes=12"},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12\tmore"), "bytes=12"},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12 "), "bytes=12"},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12x"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12\r"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 12\0"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 -1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 --"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200 "), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 200"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 20 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 2000 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\" 20x 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x\"  200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "]\"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME " ] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [17/Jun/2007:12:00:01] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [17/Jun/2007:25:00:01 -0700] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [-] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES(" - - [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h -  [" TIME "] \"x\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] x 200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x 200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"x"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \""), NULL},
	{"common", NULL, BYTES("h"), NULL},
	{"common", NULL, BYTES("h "), NULL},
	{"common", NULL, BYTES(""), NULL},
	{"common", NULL, BYTES("   "), NULL},
	/* Quotes and backslashes. */
	{"common", NULL, BYTES("h - - [" TIME "] \"a\\\"b\" 200 1"), "request=a\\\"b"},
	{"common", NULL, BYTES("h - - [" TIME "] \"a\\\\\" 200 1"), "request=a\\\\"},
	{"common", NULL, BYTES("h - - [" TIME "] \"a\\\\\\\" 200 1\" 404 2"),
		"request=a\\\\\\\" 200 1|status=404"},
	{"common", NULL, BYTES("h - - [" TIME "] \"\\\" 200 1"), NULL},
	{"common", NULL, BYTES("h - - [" TIME "] \"a\"b\" 200 1"), NULL},
	{"common", NULL, BYTES("h\\ - - [" TIME "] \"x\" 200 1"), "client=h\\"},
	{"common", NULL, BYTES("h\" \\\" \" [" TIME "] \"x\" 200 1"),
		"client=h\"|ident=\\\"|user=\""},
	{"common", NULL, BYTES("h \\ \\ [" TIME "] \"x\" 200 1"), "ident=\\|user=\\"},
	/* Combined. */
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 \"ref\" \"age nt\""),
		"referrer=ref|agent=age nt|status=200"},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 \"\" \"\""), "referrer=|agent="},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 \"\" \"\" \"more\" 7"), "agent="},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 \"\" \"\"more"), NULL},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 \"\" \"x\\\""), NULL},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1"), NULL},
	{"combined", NULL, BYTES("h - - [" TIME "] \"r\" 200 1 - -"), NULL},
	{"vhost_combined", NULL, BYTES("w.x:80 h - - [" TIME "] \"r\" 200 1 \"a\" \"b\""),
		"host=w.x|port=80|client=h|bytes=1"},
	{"vhost_combined", NULL, BYTES("w:x:80 h - - [" TIME "] \"r\" 200 1 \"a\" \"b\""), NULL},
	{"vhost_combined", NULL, BYTES("w:- h - - [" TIME "] \"r\" 200 1 \"a\" \"b\""), "port=-"},
	{"vhost_combined", NULL, BYTES("a w.x:80 h - - [" TIME "] \"r\" 200 1 \"a\" \"b\""), NULL},
	{"vhost_combined", NULL, BYTES(":80 h - - [" TIME "] \"r\" 200 1 \"a\" \"b\""), NULL},
	{"nginx_main", "http_x_forwarded_for",
		BYTES("1.2.3.4 - - [" TIME "] \"r\" 200 1 \"a\" \"b\" \"c, d\""),
		"client=1.2.3.4|user=-|agent=b|http_x_forwarded_for=c, d|ident"},
	{"nginx_main", NULL, BYTES("1.2.3.4 x - [" TIME "] \"r\" 200 1 \"a\" \"b\" \"c\""), NULL},
	{"nginx_main", NULL, BYTES("1.2.3.4 - - [" TIME "] \"r\" 200 1 \"a\" \"b\""), NULL},
	/* A word contains no blank, whatever follows it. */
	{"nginx_main", NULL, BYTES("x 1.2.3.4 - - [" TIME "] \"r\" 200 1 \"a\" \"b\" \"c\""), NULL},
	{"%h - %D - %>s", "%D", BYTES("h - 12 - 200"), "client=h|%D=12|status=200"},
	{"%h - %D - %>s", NULL, BYTES("g h - 12 - 200"), NULL},
	{"%h - %D - %>s", NULL, BYTES("h - 12 13 - 200"), NULL},
	{"%h%U", NULL, BYTES("g h/a"), NULL},
	{"$remote_addr - $x - $status", "x", BYTES("h -  - 200"), "x=|status=200"},
	{"$remote_addr - $x - $status", "x", BYTES("h - a b - 200"), NULL},
	{"$remote_addr [$x] $status", "x", BYTES("h [a b] 200"), "x=a b|status=200"},
	/* Modifiers, names in upper or lower case, fields that are needed by name. */
	{"%h %!200,304>s %<D %{X-Y}i", "%!200,304>s %<D %{x-y}i", BYTES("h 200 12 a b  c "),
		"status=200|%!200,304>s=200|%<D=12|%{x-y}i=a b  c "},
	{"%h %>s %s", "%>s %s", BYTES("h 200 404"), "status=200|%>s=200|%s=404"},
	{"%h %a", "%h %a", BYTES("h a"), "client=h|%h=h|%a=a"},
	{"\"%{Host}i\" \"%{HOST}i\"", "%{host}i", BYTES("\"a\" \"b\""), "host=a|%{host}i=a"},
	{"%{c}a %{Foo}C", "%{Foo}c %{Foo}C", BYTES("x y"), "client=x|%{Foo}C=y|%{Foo}c"},
	{"%{%Y}t", "%{%Y}t", BYTES("2007"), "time|%{%Y}t=2007"},
	{"%{%Y}t", NULL, BYTES("207"), NULL},
	/* Times by strftime(). */
	{"%h [%{%d/%b/%Y %T}t] %>s", NULL, BYTES("h [17/Jun/2007 12:00:01] 200"),
		"time=2007-06-17T12:00:01|status=200"},
	{"%h %{%d.%m.%y %H:%M}t %>s", NULL, BYTES("h 17.06.07 12:00 200"),
		"time=2007-06-17T12:00:00"},
	{"%h %{%d.%m.%y %H:%M}t %>s", NULL, BYTES("h 17.13.07 12:00 200"), NULL},
	{"%h %{%d.%m.%y %H:%M}t %>s", NULL, BYTES("h 17.06.07 12:0 200"), NULL},
	{"%{begin:%FT%T}t.%{msec_frac}t%{%z}t %h", NULL, BYTES("2007-06-17T12:00:01.123+0200 h"),
		"time=2007-06-17T12:00:01|client=h"},
	{"%{%F}t %{%T}t %h", NULL, BYTES("2007-06-17 12:00:01 h"), "date=2007-06-17|time=12:00:01"},
	{"%{usec}t %h", NULL, BYTES("1182106801999999 h"), "time=1182106801999999|client=h"},
	{"%{%s}t %h", NULL, BYTES("1182106801 h"), "time=2007-06-17T19:00:01+00:00|client=h"},
	{"%h %{%d/%b/%Y %T %z}t", NULL, BYTES("h 17/Jun/2007 12:00:01 -0330"),
		"client=h|time=2007-06-17T12:00:01-03:30"},
	{"%h %{%FT%T %Z}t", NULL, BYTES("h 2007-06-17T12:00:01 CEST"),
		"client=h|time=2007-06-17T12:00:01+02:00"},
	{"%h %{%FT%T %Z}t", NULL, BYTES("h 2007-06-17T12:00:01 XYZ"),
		"client=h|time=2007-06-17T12:00:01"},
	{"%{%s}t %h", NULL, BYTES("11821068011 h"), NULL},
	{"%{x}t|%h", NULL, BYTES("any text|h"), "time=any text|client=h"},
	{"%{SSL_PROTOCOL}x %h", "%{SSL_PROTOCOL}x", BYTES("TLSv1.3 h"),
		"client=h|%{SSL_PROTOCOL}x=TLSv1.3"},
	/* A client with a port. */
	{"%a:%{remote}p %>s", NULL, BYTES("[2001:db8::1]:443 200"), "client=2001:db8::1|port=443"},
	{"%a:%{remote}p %>s", NULL, BYTES("2001:db8::1:443 200"), "client=2001:db8::1|port=443"},
	{"%a:%{remote}p %>s", NULL, BYTES("192.0.2.1:443 200"), "client=192.0.2.1|port=443"},
	{"%a:%{remote}p %>s", NULL, BYTES(":443 200"), NULL},
	{"%a:%{remote}p %>s", NULL, BYTES("192.0.2.1 200"), NULL},
	{"%a:%{remote}p:%>s", NULL, BYTES("192.0.2.1:443:200"),
		"client=192.0.2.1|port=443|status=200"},
	/* wf's own variables. */
	{"[$any_time] $status", NULL, BYTES("[2007/06/17 12:00:01.5] 200"),
		"time=2007/06/17 12:00:01.5"},
	{"$any_time $status", NULL, BYTES("Jun 17 12:00:01 200"),
		"time=Jun 17 12:00:01|status=200"},
	{"\"$any_time\" $status", NULL, BYTES("\"Jun 17 12:00:01\" 200"), "time=Jun 17 12:00:01"},
	{"\"$any_time\" $status", NULL, BYTES("\"Jun 17\" 200"), NULL},
	{"$status $blanks$bytes_sent", NULL, BYTES("200   7"), "status=200|bytes=7"},
	{"$status $blanks$bytes_sent", NULL, BYTES("200 7"), "status=200|bytes=7"},
	{"\"$first_forwarded_for\" $status", NULL, BYTES("\"192.0.2.1, 192.0.2.2\" 200"),
		"client=192.0.2.1"},
	{"${envelope.host} $status", "envelope.host", BYTES("web1 200"),
		"envelope.host=web1|status=200"},
	{"%{remote}p %h", NULL, BYTES("80 h"), "port=80|client=h"},
	{"%h %^FB", "%^FB", BYTES("h 123"), "client=h|%^FB=123"},
	{"%h %^FB", NULL, BYTES("h"), NULL},
	/* Syslog. */
	{"syslog", "tag pid message", BYTES("Jun  7 12:00:01 web1 sshd[12]: a b"),
		"host=web1|tag=sshd|pid=12|message=a b"},
	{"syslog", "pid", BYTES("Jun  7 12:00:01 information sshd: a"), "host=information|pid"},
	{"syslog", NULL, BYTES("2007-06-17 12:00:01 INFO sshd: a"), NULL},
	{"syslog", NULL, BYTES("2007-06-17 12:00:01 [web1] sshd: a"), NULL},
	{"syslog_5424", "priority tag pid msgid data message",
		BYTES("<165>1 2007-06-17T12:00:01.5Z w a 7 ID [a b=\"1]\\]\"][c] x y"), NULL},
	{"syslog_5424", "priority tag pid msgid data message",
		BYTES("<165>1 2007-06-17T12:00:01.5Z w a 7 ID [a b=\"1\\]\"][c] x y"),
		"host=w|priority=165|tag=a|pid=7|msgid=ID|data=[a b=\"1\\]\"][c]|message=x y"},
	{"syslog_5424", "pid data message", BYTES("<0>1 2007-06-17T12:00:01Z w a - - - [x] y"),
		"pid=-|data=-|message=[x] y"},
	{"syslog_5424", NULL, BYTES("<0>1 2007-06-17T12:00:01Z w a - - [x"), NULL},
	{"syslog_5424", NULL, BYTES("<0>1 2007-06-17T12:00:01Z w a - - [x\\"), NULL},
	{"syslog_5424", NULL, BYTES("<0>1 2007-06-17T12:00:01Z w a - - [x\\]"), NULL},
	{"syslog_5424", NULL, BYTES("<0>1 2007-06-17T12:00:01Z w a - - x y"), NULL},
	{"syslog_5424", NULL, BYTES("<x>1 2007-06-17T12:00:01Z w a - - - y"), NULL},
	/* Escapes in the string. */
	{"%h\\t%u\\\\%%", NULL, BYTES("h\tu\\%"), "client=h|user=u"},
	{"\\\"%r\\\" %>s", NULL, BYTES("\"a\\\"b\" 200"), "request=a\\\"b|status=200"},
	{"%h [%{User-Agent}i]", NULL, BYTES("h [a b]c]"), NULL},
	{"%h [%{User-Agent}i]", NULL, BYTES("h [a b]"), "agent=a b"},
	{"<<%h>>%s", NULL, BYTES("<<a>b>>200"), "client=a>b|status=200"},
	{"<<%h>>%s", NULL, BYTES("<<>>200"), NULL},
	{"<<%h>>%s", NULL, BYTES("<a>>200"), NULL},
	{"  x%h", NULL, BYTES("  xa"), NULL},
	{"%h 0123456789 %u", NULL, BYTES("a 0123456789 b"), "client=a|user=b"},
	{"%h 0123456789 %u", NULL, BYTES("a 012345678 b"), NULL},
	{"%h 0123456789 %u", NULL, BYTES("a 0123456789"), NULL},
	{"%h X", NULL, BYTES("a X"), "client=a"},
	{"%h X", NULL, BYTES("a Xb"), NULL},
	{"%h X", NULL, BYTES("a X b"), "client=a"},
	/* The URL in pieces. */
	{"\"%m %U%q %H\"", NULL, BYTES("\"GET /a?b HTTP/1.1\""),
		"method=GET|url=/a?b|path|query|proto=HTTP/1.1"},
	{"%m \"%U\" \"%q\" %H", NULL, BYTES("GET \"/a\" \"?b\" H"), "path=/a|query=?b|proto=H"},
	{"\"%m %U%q %H\"", NULL, BYTES("\"GET /a b?c HTTP/1.1\""), NULL},
	{"\"%H\"", NULL, BYTES("\"HTTP 1\""), NULL},
	{"%m \"%U\" %q%%", NULL, BYTES("GET \"/a b\" %"), "path=/a b|query="},
	{"%m%U", NULL, BYTES("GET/a/b"), "method=GET|path=/a/b"},
	{"%h%U|%s", NULL, BYTES("h/a|200"), "client=h|path=/a"},
	{"%h%U|%s", NULL, BYTES("h|200"), NULL},
	{"%h%U", NULL, BYTES("/a"), NULL},
	{"%h%U", NULL, BYTES("h/a b"), "client=h|path=/a b"},
	{"%m %U", NULL, BYTES("GET a"), "path=a"},
	/* The last field. */
	{"%h %D", "%D", BYTES("h 12 more"), "%D=12"},
	{"%h %D", "%D", BYTES("h 12\tmore"), "%D=12"},
	{"%h %D", "%D", BYTES("h "), NULL},
	{"%h %D", "%D", BYTES("h  "), NULL},
	{"%h %q", NULL, BYTES("h "), "query="},
	{"%h %{X}i", "%{X}i", BYTES("h a b "), "%{X}i=a b "},
	{"%h %>s", NULL, BYTES("h 404 x"), "status=404"},
	{"%h %>s", NULL, BYTES("h 4040"), NULL},
	{"%h %t", NULL, BYTES("h [" TIME "]x"), NULL},
	{"%h %t", NULL, BYTES("h [" TIME "] x"), "time=" TIME},
	/* Fields in quotes that have a shape. */
	{"\"%>s\" \"%b\" \"%t\"", NULL, BYTES("\"200\" \"12\" \"[" TIME "]\""),
		"status=200|bytes=12"},
	{"\"%>s\" \"%b\"", NULL, BYTES("\"200 \" \"12\""), NULL},
	{"\"%>s\" \"%b\"", NULL, BYTES("\"200\" \"12x\""), NULL},
	{"\"%>s\" \"%b\"", NULL, BYTES("\"\" \"12\""), NULL},
	{"\"%>s\" \"%b\"", NULL, BYTES("\"-\" \"-\""), "status=-|bytes=-"},
	{"\"%h\" \"%D\"", "%D", BYTES("\"\" \"\""), "client=|%D="},
	/* nginx. */
	{"$remote_addr [$time_iso8601] $status", NULL, BYTES("a [2007-06-17T12:00:01+02:00] 200"),
		"client=a|time=2007-06-17T12:00:01+02:00|status=200"},
	{"$remote_addr [$time_iso8601] $status", NULL, BYTES("a [2007-06-17] 200"), NULL},
	{"$msec $host", NULL, BYTES("1182106801.123 w"), "time=1182106801.123|host=w"},
	{"$remote_addr \"$request\" $request_time", "request_time", BYTES("a \"\" 0.1"),
		"request=|request_time=0.1"},
	{"${remote_addr}x$status", NULL, BYTES("axx200"), NULL},
	{"${remote_addr}x$status", NULL, BYTES("ax200"), "client=a|status=200"},
	{"${request_time}s $status", "request_time", BYTES("0.1s 200"), "request_time=0.1"},
	{"\"$uri$is_args$args\" $status", NULL, BYTES("\"/a?b\" 200"), "url=/a?b|path|query"},
	{"$scheme://$host$request_uri", "scheme", BYTES("http://w/a?b"),
		"scheme=http|host=w|url=/a?b"},
	{"\"$host$uri\" $args", NULL, BYTES("\"w/a\" "), "host=w|path=/a|query="},
	{"$connection $pipe $status", "connection pipe", BYTES("1  200"),
		"connection=1|pipe=|status=200"},
	{"$remote_addr \"$http_x\" \"$cookie_y\"", "http_x cookie_y", BYTES("a \"b c\" \"\""),
		"http_x=b c|cookie_y="},
	{"$status $upstream_response_time $host", "upstream_response_time",
		BYTES("200 0.1, 0.2 : - w"), "upstream_response_time=0.1, 0.2 : -|host=w"},
	{"$status $upstream_response_time $host", "upstream_response_time", BYTES("200 - w"),
		"upstream_response_time=-|host=w"},
	{"$status $upstream_addr", "upstream_addr", BYTES("200 a:1, b:2 more"),
		"upstream_addr=a:1, b:2"},
	{"$status $upstream_addr", "upstream_addr", BYTES("200 a:1, b:2 : c:3"),
		"upstream_addr=a:1, b:2 : c:3"},
	{"$status \"$upstream_addr\" $host", "upstream_addr", BYTES("200 \"a, b : c\" w"),
		"upstream_addr=a, b : c|host=w"},
	{"$remote_addr $http_x_forwarded_for $status", "http_x_forwarded_for",
		BYTES("a b, c, d 200"), "http_x_forwarded_for=b, c, d|status=200"},
	/* The escapes in nginx's configuration; any other backslash is an ordinary byte. */
	{"$host\\t$status", NULL, BYTES("w\t200"), "host=w|status=200"},
	{"$host\\x7c\\\"$args\\\" \\d $status", NULL, BYTES("w|\"a\" \\d 200"),
		"host=w|query=a|status=200"},
};

TEST(a_table_of_lines)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct cuts c;
		cuts_open(&c, examples[i].format, examples[i].own);
		/* A line has no effect on the next one. */
		for (int round = 0; round < 3; round++) {
			cuts_expect(&c, examples[i].line, examples[i].expected);
			cuts_cut(&c, span_text("h - - [" TIME "] \"x\" 200 12 \"a\" \"b\""));
		}
		cuts_close(&c);
	}
}

/* --- Strings with errors --------------------------------------------------------- */

TEST(strings_that_are_no_format)
{
	static const struct {
		const char *text, *why;
		size_t offset;
	} cases[] = {
		{"%", "'%'", 0},
		{"%h %", "'%'", 3},
		{"%h %Z", "'%Z' is not a LogFormat directive", 3},
		{"%h %>", "'%>'", 3},
		{"%h %{X", "'%{' without a '}'", 3},
		{"%h %{X}", "'%{X}'", 3},
		{"%h %{X}s", "'%{X}s' is not a LogFormat directive", 3},
		{"%h %^F", "'%^' is not a LogFormat directive", 3},
		{"%h %^ti", "'%^ti' is not a LogFormat directive", 3},
		{"%h %{X}^FB", "'%{X}^' is not a LogFormat directive", 3},
		{"%h%u", "where '%h' ends", 2},
		{"%h%%%u%b", "where '%u' ends", 6},
		{"%h %r %s", "'%r' may contain blanks", 3},
		{"%h %{User-Agent}i %s", "'%{User-Agent}i' may contain blanks", 3},
		{"%{Foo}C %s", "may contain blanks", 0},
		{"$", "'$' without", 0},
		{"$remote_addr $", "'$' without", 13},
		{"$remote_addr $-", "'$' without", 13},
		{"$remote_addr ${host", "'$' without", 13},
		{"$remote_addr ${}", "'$' without", 13},
		{"$remote_addr$status", "where '$remote_addr' ends", 12},
		{"$remote_addr $request $status", "'$request' may contain blanks", 13},
		{"$http_referer $status", "may contain blanks", 0},
		{"", "not ''", SIZE_MAX},
		{"Combined", "not 'Combined'", SIZE_MAX},
		{"auto", "not 'auto'", SIZE_MAX},
		{"no sigil", "not 'no sigil'", SIZE_MAX},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wanted none = {0};
		struct complaint why;
		if (logformat_compile(cases[i].text, &none, &why))
			fail_msg("%s: compiled", cases[i].text);
		if (!strstr(why.text, cases[i].why))
			fail_msg("%s: %s", cases[i].text, why.text);
		if (why.offset != cases[i].offset)
			fail_msg("%s: at %zu", cases[i].text, why.offset);
	}
}

/* These strings look similar to those above, but are formats. */
TEST(strings_that_are_formats)
{
	static const char *const texts[] = {"%h", "%%%h", "%r", "%h %r", "%h \"%r\" %s",
		"%h %r  %s", "%h %r\\t%s", "[%r] %s", "\"%U%q %s\"", "%h%U", "$request",
		"$host$uri", "%{X}^ti", "$a", "${a}", "%h\\", "%% x",
		"$status $upstream_addr $upstream_status"};

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct wanted none = {0};
		struct complaint why;
		struct logformat *f = logformat_compile(texts[i], &none, &why);
		if (!f)
			fail_msg("%s: %s", texts[i], why.text);
		assert_string_equal(logformat_name(f), texts[i]);
		logformat_free(f);
	}
}

/* --- Against regular expressions ------------------------------------------------- */

#define CLF                                                                                        \
	"(?:0[1-9]|[12]\\d|3[01])/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\\d{4}:"     \
	"(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60) [+-]\\d{4}"
#define QUOTED(name) "\"(?<" name ">(?>(?:[^\"\\\\]|\\\\.)*))\""
#define STATUS       "(?<status>\\d{3}|-)"
#define BYTES_SENT   "(?<bytes>\\d++|-)"
#define USER         "(?! \\[)(?<user>(?>.+?(?= \\[)))"
#define COMMON                                                                                     \
	"(?<client>[^ ]+) (?<ident>[^ ]+) " USER " \\[(?<time>" CLF                                \
	")\\] " QUOTED("request") " " STATUS " " BYTES_SENT
#define BEGIN "(?s)\\A[ \\t]*+"
#define END   "(?:[ \\t].*)?\\z"

static const struct {
	const char *format, *re;
} translated[] = {
	{"common", BEGIN COMMON END},
	{"combined", BEGIN COMMON " " QUOTED("referrer") " " QUOTED("agent") END},
	{"vhost_combined", BEGIN "(?<host>[^: ]+):(?<port>\\d++|-) " COMMON
				 " " QUOTED("referrer") " " QUOTED("agent") END},
	{"%a|%b|\"%{X}i\"<%D>>%s",
		BEGIN "(?<client>[^| ]+)\\|" BYTES_SENT "\\|\"(?>(?:[^\"\\\\]|\\\\.)*)\""
		      "<(?!>>)(?>[^ ]+?(?=>>))>>" STATUS END},
	{"\"%>s\" \"%b\" %T %h%U", BEGIN "\"(?<status>\\d{3}|-)\" \"(?<bytes>\\d++|-)\" "
					 "[^ ]+ (?<client>[^/ ]+)(?<path>/.*)\\z"},
	{"$status [$time_local] $host$request_uri",
		BEGIN STATUS " \\[(?<time>" CLF ")\\] "
			     "(?<host>[^/ ]+)(?<url>/[^ \\t]*)" END},
	{"$pipe-$status- $bytes_sent", BEGIN "(?>.*?(?=-))-" STATUS "- " BYTES_SENT END},
};

/* True if the text is several words of which one is just "-": then the words are columns, not a
 * user. */
static bool is_columns(struct span user)
{
	size_t words = 0, dashes = 0, len = 0;

	for (size_t i = 0; i <= user.len; i++) {
		if (i < user.len && user.at[i] != ' ') {
			len++;
			continue;
		}
		words += len > 0;
		dashes += len == 1 && user.at[i - 1] == '-';
		len = 0;
	}
	return words > 1 && dashes;
}

static bool fits_pattern(struct pattern *p, struct span line)
{
	int user = pattern_group_named(p, "user");

	return pattern_match(p, line) == PATTERN_YES &&
	       (user < 0 || !is_columns(pattern_group(p, (unsigned)user)));
}

/* Make a random line of the bytes that matter, usually almost in the right order.  Returns the
 * length of the line. */
static size_t random_line(char *to, uint64_t *seed)
{
	static const char *const tokens[] = {"\"", "\\", " ", "-", "[", "]", "200", "7", "a", "/",
		"/b", "<", ">>", ">", "|", ":", "\t", "\\\"", "\\\\", "\xff", "[" TIME "]", TIME,
		"h ", "- "};
	static const char *const models[] = {"w:80 h - u [" TIME
					     "] \"r\\\"\" 200 12 \"ref\" \"agent\\\\\"",
		"h - u [" TIME "] \"r\" 200 12 \"ref\" \"agent\"", "a|12|\"x\"<d>>200",
		"\"200\" \"12\" 3 h/u", "200 [" TIME "] w/u x", "p-200- 12"};
	size_t len = 0;

	const char *model = models[random_below(seed, COUNT(models))];
	for (const char *p = model; *p; p++) {
		if (random_below(seed, 40) == 0)
			continue;
		if (random_below(seed, 40) == 0) {
			const char *token = tokens[random_below(seed, COUNT(tokens))];
			len += (size_t)sprintf(to + len, "%s", token);
		}
		to[len++] = *p;
	}
	if (random_below(seed, 4) == 0)
		len = random_below(seed, len + 1);
	return len;
}

TEST(random_lines_against_regular_expressions)
{
	uint64_t seed = 1;

	for (size_t i = 0; i < COUNT(translated); i++) {
		struct complaint error;
		struct pattern *p = pattern_compile(span_text(translated[i].re), false, &error);
		struct cuts c;
		size_t fits = 0;
		if (!p)
			fail_msg("%s: %s", translated[i].re, error.text);
		cuts_open(&c, translated[i].format, NULL);
		for (int round = 0; round < 30000; round++) {
			char text[600];
			struct span line = span_of(text, random_line(text, &seed));
			bool expected = fits_pattern(p, line);
			if ((cuts_cut(&c, line) == CUT_FITS) != expected)
				fail_msg("%s: '%.*s': %d", translated[i].format, (int)line.len,
					text, !expected);
			fits += expected;
			for (size_t b = 0; expected && b < BASES; b++) {
				int group = pattern_group_named(p, base_names[b]);
				if (group < 0)
					continue;
				if (!span_equal(pattern_group(p, (unsigned)group), c.slots[b]))
					fail_msg("%s: '%.*s': %s", translated[i].format,
						(int)line.len, text, base_names[b]);
			}
		}
		if (fits < 200)
			fail_msg("%s: only %zu lines fit", translated[i].format, fits);
		cuts_close(&c);
		pattern_free(p);
	}
}

/* Lines of the usual kind are cut by clf.h, other lines field by field.  cuts_cut() checks that
 * both ways have the same result. */
TEST(usual_lines_with_a_few_bytes_changed)
{
	static const char *const formats[] = {"common", "combined", "vhost_combined", "nginx_main",
		"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D",
		"%T %h %l %u %t \"%r\" %>s %b", "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\"",
		"\"%{Host}i\" %h %l %u %t \"%r\" %>s %b", "x%h %l %u %t \"%r\" %>s %b"};
	static const char *const lines[] = {
		"192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] \"GET / HTTP/1.1\" 200 123",
		"192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET / HTTP/1.1\" 200 - \"-\" "
		"\"Mozilla\"",
		"example.org:80 2001:db8::1 - - [17/Jun/2007:12:01:59 +0000] \"-\" 408 12345678 "
		"\"-\" \"-\"",
		"crawl-66-249-72-172.example.com - - [17/Jun/2007:12:01:59 +0000] \"\" 400 1 \"\" "
		"\"\" \"-\"",
		"192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET / HTTP/1.1\" 200 5 \"-\" "
		"\"Mozilla\" 31",
		"3 192.0.2.1 - - [01/Jan/2007:23:59:60 -0700] \"GET / HTTP/1.1\" 304 5",
		"192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET / HTTP/1.1\" 200 5 \"-\"",
		"\"h\" 192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET / HTTP/1.1\" 200 5",
		"x192.0.2.1 - - [17/Jun/2007:12:00:02 -0700] \"GET / HTTP/1.1\" 200 5",
	};
	static const char bytes[] = "\"\"  \\-0159:/[]+a\t\r\xff";
	size_t fit = 0;

	for (size_t f = 0; f < COUNT(formats); f++) {
		struct cuts c;
		cuts_open(&c, formats[f], NULL);
		for (int round = 0; round < 6000; round++) {
			char line[300];
			const char *from = lines[random_below(&c.seed, 4)
							 ? f
							 : random_below(&c.seed, COUNT(lines))];
			size_t len = strlen(from);
			memcpy(line, from, len);
			for (size_t n = random_below(&c.seed, 4); n; n--) {
				size_t at = random_below(&c.seed, len);
				char byte = bytes[random_below(&c.seed, sizeof bytes - 1)];
				switch (random_below(&c.seed, 4)) {
				case 0:
					memmove(line + at, line + at + 1, --len - at);
					break;
				case 1:
					memmove(line + at + 1, line + at, len++ - at);
					line[at] = byte;
					break;
				default:
					line[at] = byte;
				}
			}
			fit += cuts_cut(&c, span_of(line, len)) == CUT_FITS;
		}
		/* Only the first two formats have no other fields, so cut_usual can cut their
		 * lines. */
		if (f < 2)
			assert_true(c.usual > 1000);
		cuts_close(&c);
	}
	assert_true(fit > COUNT(formats) * 1500);
}

/* The last valid time is remembered.  The next time differs from it in one byte. */
TEST(times_that_resemble_the_last_one)
{
	enum { FROM = 7 };
	static const char line[] = "h - - [" TIME "] \"x\" 200 1", bytes[] = "0123456789/:+-x ";
	struct cuts c;

	cuts_open(&c, "common", NULL);
	for (size_t at = 0; at < TIMESTAMP_CLF; at++)
		for (const char *b = bytes; *b; b++) {
			char other[sizeof line];
			memcpy(other, line, sizeof line);
			other[FROM + at] = *b;
			const char *time = other + FROM;
			bool fits = timestamp_clf_end(time, time + TIMESTAMP_CLF) != NULL;
			assert_int_equal(cuts_cut(&c, span_text(line)), CUT_FITS);
			if (cuts_cut(&c, span_text(other)) != (fits ? CUT_FITS : CUT_NOT))
				fail_msg("%s", other);
		}
	cuts_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_lines),
		cmocka_unit_test(strings_that_are_no_format),
		cmocka_unit_test(strings_that_are_formats),
		cmocka_unit_test(random_lines_against_regular_expressions),
		cmocka_unit_test(usual_lines_with_a_few_bytes_changed),
		cmocka_unit_test(times_that_resemble_the_last_one),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
