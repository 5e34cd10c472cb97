/* mklog.c -- write a synthetic web server log, for tests and benchmarks.
 *
 * Each line is in Apache's "combined" format, has about 200 bytes and is put together from four
 * populations: URLs, clients, referrers and user agents.
 *
 *   client - user [time] "method url protocol" status bytes "referrer" "agent"
 *
 * A population is a number of ranks and a function that renders a rank as text.  The text depends
 * on the rank only.  So the seed determines who requests what and when, but never which names
 * exist.  A small population is rendered once, into one block.  A large one is rendered anew for
 * each line, so that five million URLs need no more memory than their alias table of eight bytes
 * per rank.
 *
 * Ranks are drawn by Zipf's law, where rank r has weight 1/r, in constant time: by Walker's alias
 * method, with the table filled in Vose's way.  Since the weights fall with the rank, no work lists
 * are needed: the ranks above the average come first and those below it follow, so two indices are
 * enough (zipf_fill).
 *
 * Random bits come from xoshiro256** (Blackman and Vigna), seeded by splitmix64 (Steele, Lea and
 * Flood), whose last step is also the hash function of ranks.
 *
 * The same arguments give the same bytes on every machine.  All arithmetic is on integers of fixed
 * width, or whose width does not matter: there is no floating point, no libm, no locale, and no
 * clock but the log's own.
 *
 * --hostile replaces lines at fixed places by templates (the table `hostile`), and one in the
 * middle by a line of a megabyte.  It leaves out the last newline.
 *
 * About one request in seven matches the article pattern of Tim Bray's Wide Finder, for any seed
 * and any number of URLs:
 *
 *   GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+)<blank>
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	RANKS_MAX = 1 << 27,  /* keeps all products in zipf_fill() below 2^64 */
	CACHED_MAX = 1 << 16, /* larger populations are rendered anew for each line */
	NAME_ROOM = 256,      /* no rank's text is longer */
	LINE_ROOM = 4096,     /* no line is longer, except the one of a megabyte */
	OUT_SIZE = 1 << 20,
	LONG_FILL = 1 << 20,
	REFERRERS = 600,
	IPV4_CLIENTS = 3 * 254, /* the addresses of the networks for documentation */
	TIME_LEN = 28,
	TIMEOUT_EVERY = 2000,
	HOSTILE_EVERY = 40, /* one pair of hostile lines in so many lines */
	HOSTILE_AT = 7,
};

struct span {
	const char *at;
	size_t len;
};

/* clang-format off */
#define SPAN(s)  {s, sizeof(s) - 1}
/* clang-format on */
#define LIT(s)   ((struct span)SPAN(s))
#define COUNT(a) (sizeof(a) / sizeof *(a))

_Noreturn static void die(const char *what, const char *why)
{
	fprintf(stderr, "mklog: %s: %s\n", what, why);
	exit(2);
}

static void *alloc(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (!p)
		die("memory", strerror(errno));
	return p;
}

/* ---- random bits ---- */

struct rng {
	uint64_t s[4];
};

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t x)
{
	x += GOLDEN;
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static void rng_seed(struct rng *g, uint64_t seed)
{
	for (uint64_t i = 0; i < 4; i++)
		g->s[i] = mix(seed + i * GOLDEN);
}

static uint64_t rotl(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

static uint64_t rng_next(struct rng *g)
{
	uint64_t *s = g->s, x = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return x;
}

/* The i-th rank in an order in which each of n ranks comes once before any is repeated.  Each step
 * is a bijection of [0, mask]; repeating it until the value is below n makes a bijection of [0, n).
 */
static uint32_t scatter(uint64_t i, uint32_t n)
{
	uint32_t mask = n - 1, x = (uint32_t)(i % n);

	for (int k = 1; k < 32; k *= 2)
		mask |= mask >> k;
	do {
		x = (x * 0x9e3779b1u + 0x7f4a7c15u) & mask;
		x ^= x >> 9;
		x = x * 0x85ebca6bu & mask;
		x ^= x >> 9;
	} while (x >= n);
	return x + 1;
}

/* ---- Zipf's law ---- */

/* Of 2^32 draws of this slot, odds give its own index, and the rest give other. */
struct slot {
	uint32_t odds, other;
};

static uint64_t weight(uint32_t i)
{
	return (UINT64_C(1) << 36) / (i + UINT64_C(1));
}

/* part / total as a fraction of 2^32; total is between 2^36 and 2^41. */
static uint32_t odds(uint64_t part, uint64_t total)
{
	uint64_t x = (part << 22) / (total >> 10);

	return x > UINT32_MAX ? UINT32_MAX : (uint32_t)x;
}

/* Each slot must be filled up to `total`, and rank i brings weight(i) * n.  The poor ranks, from
 * `poor` on, bring too little.  The first rich rank fills them up until it has become poor itself;
 * then the next rich rank fills it up, and goes on.  All sums are exact, so the rich ranks cannot
 * run out before the poor ones do.
 */
static void zipf_fill(struct slot *slots, uint32_t n)
{
	uint64_t total = 0, left = weight(0) * n;
	uint32_t rich = 0, poor = 0;

	for (uint32_t i = 0; i < n; i++)
		total += weight(i);
	while (poor < n && weight(poor) * n >= total)
		poor++;
	for (uint32_t i = poor; i < n; i++) {
		uint64_t own = weight(i) * n;

		slots[i] = (struct slot){odds(own, total), rich};
		left -= total - own;
		while (left < total) {
			slots[rich] = (struct slot){odds(left, total), rich + 1};
			rich++;
			left = weight(rich) * n - (total - left);
		}
	}
	for (; rich < poor; rich++)
		slots[rich] = (struct slot){UINT32_MAX, rich};
}

/* ---- text: each function writes at p and returns the end of what it wrote ---- */

static inline char *put(char *p, struct span s)
{
	memcpy(p, s.at, s.len);
	return p + s.len;
}

static char *put_str(char *p, const char *s)
{
	return put(p, (struct span){s, strlen(s)});
}

static char *put_uint(char *p, uint64_t n)
{
	char digits[20], *d = digits + sizeof digits;

	do
		*--d = (char)('0' + n % 10);
	while (n /= 10);
	return put(p, (struct span){d, (size_t)(digits + sizeof digits - d)});
}

/* Slower than put() and put_uint(): for texts that are rendered once, or rarely. */
__attribute__((format(printf, 2, 3))) static char *put_format(char *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	p += vsnprintf(p, NAME_ROOM, format, args);
	va_end(args);
	return p;
}

/* ---- populations ---- */

typedef char *render_fn(char *p, uint32_t rank);

struct names {
	uint32_t count; /* ranks are 1 to count */
	render_fn *render;
	struct slot *slots; /* NULL: not drawn by Zipf's law */
	char *bytes;        /* NULL: too many to keep rendered */
	uint32_t *ends;     /* rank r is bytes[ends[r - 1], ends[r]) */
};

static void names_render(struct names *ns)
{
	char *p = ns->bytes = alloc(ns->count, NAME_ROOM);

	ns->ends = alloc(ns->count + (size_t)1, sizeof *ns->ends);
	for (uint32_t rank = 1; rank <= ns->count; rank++) {
		p = ns->render(p, rank);
		ns->ends[rank] = (uint32_t)(p - ns->bytes);
	}
}

static struct names names_make(uint32_t count, render_fn *render, bool zipf)
{
	struct names ns = {.count = count, .render = render};

	if (count <= CACHED_MAX)
		names_render(&ns);
	if (zipf) {
		ns.slots = alloc(count, sizeof *ns.slots);
		zipf_fill(ns.slots, count);
	}
	return ns;
}

static void names_free(struct names *ns)
{
	free(ns->slots);
	free(ns->bytes);
	free(ns->ends);
}

/* The upper half of the random bits selects a slot, the lower half decides between its ranks. */
static inline uint32_t names_draw(const struct names *ns, uint64_t bits)
{
	uint32_t i = (uint32_t)((bits >> 32) * ns->count >> 32);

	return 1 + ((uint32_t)bits < ns->slots[i].odds ? i : ns->slots[i].other);
}

static inline char *names_put(const struct names *ns, char *p, uint32_t rank)
{
	if (!ns->bytes)
		return ns->render(p, rank);

	uint32_t start = ns->ends[rank - 1];

	return put(p, (struct span){ns->bytes + start, ns->ends[rank] - start});
}

/* ---- URLs ---- */

enum kind { ARTICLE, IMAGE, FEED, STATIC, PAGE, API, ESCAPED };

/* The rank determines the kind.  Articles are the ranks 7k + 3, a seventh of all ranks.  They also
 * have about a seventh of the Zipf weight, since the first two ranks are not articles and the third
 * is.
 */
static enum kind url_kind(uint32_t rank)
{
	static const unsigned char kinds[14] = {PAGE, FEED, STATIC, ARTICLE, IMAGE, API, ESCAPED,
		STATIC, PAGE, IMAGE, ARTICLE, API, FEED, IMAGE};

	return kinds[rank % COUNT(kinds)];
}

static uint32_t article_rank(uint64_t bits)
{
	return 3 + 7 * (uint32_t)(bits >> 54);
}

static const char *word(uint64_t bits)
{
	static const char *const words[32] = {"Atom", "Bicycle", "Camera", "Deadline", "Erlang",
		"Finder", "Garden", "Harvest", "Index", "Jazz", "Kernel", "Lisp", "Markup",
		"Network", "Opera", "Photo", "Query", "Ruby", "Schema", "Thread", "Unicode",
		"Vancouver", "Wide", "XML", "Yellow", "Zebra", "Sunset", "Parallel", "Baseball",
		"Storage", "Coffee", "Tokyo"};

	return words[bits & 31];
}

/* The path of a day's articles, such as 200x/2006/09/29/. */
static char *put_day(char *p, uint64_t h)
{
	unsigned bits = h & 0xffffff;
	unsigned year = 2003 + bits % 16, month = 1 + (bits >> 8) % 12, day = 1 + (bits >> 16) % 28;

	return put_format(p, "/ongoing/When/%ux/%u/%02u/%02u/", year / 10, year, month, day);
}

/* No two ranks have the same URL: each kind has its own words around the rank, and no other digit
 * is next to the rank.
 */
static char *url_render(char *p, uint32_t rank)
{
	static const char *const suffixes[4] = {".css", ".js", ".png", ".pdf"};
	static const char *const escaped[4] = {"/wiki/Caf%C3%A9_", "/search/%22wide%20finder%22/",
		"/tags/%E6%97%A5%E6%9C%AC/", "/files/notes%20%26%20drafts/"};
	uint64_t h = mix(rank);
	const char *title = word(h >> 40);

	switch (url_kind(rank)) {
	case ARTICLE:
		return put_format(put_day(p, h), "%s-%s-%" PRIu32, title, word(h >> 45), rank);
	case IMAGE:
		return put_format(put_day(p, h), "IMG_%" PRIu32 ".png", rank);
	case FEED:
		p = put(p, LIT("/ongoing/ongoing.atom"));
		return rank == 1 ? p : put_format(p, "?since=%" PRIu32, rank);
	case STATIC:
		return put_format(p, "/static/%s-%" PRIu32 "%s", title, rank, suffixes[h & 3]);
	case PAGE:
		return put_format(p, "/ongoing/What/%s/%" PRIu32 "/", title, rank);
	case API:
		return put_format(p, "/api/v%d/items?id=%" PRIu32 "&tag=%s%s", h & 1 ? 1 : 2, rank,
			title, h >> 63 ? "&sort=date&page=2" : "");
	case ESCAPED:
		break;
	}
	return put_format(p, "%s%" PRIu32, escaped[h & 3], rank);
}

/* ---- clients, referrers, agents ---- */

/* An address of the three networks that RFC 5737 reserves for documentation. */
static char *put_ipv4(char *p, uint32_t i)
{
	static const char *const nets[3] = {"192.0.2", "198.51.100", "203.0.113"};
	uint32_t x = i * 211 % IPV4_CLIENTS;

	return put_format(p, "%s.%" PRIu32, nets[x % 3], 1 + x / 3);
}

static char *put_ipv6(char *p, uint32_t rank)
{
	unsigned site = mix(rank) & 0xfff;

	return put_format(
		p, "2001:db8:%x:%" PRIx32 "::%" PRIx32, 1 + site, 1 + (rank >> 16), rank & 0xffff);
}

/* Multiplication by an odd number is a permutation of the 2^32 addresses, so no two ranks have the
 * same one.
 */
static char *put_host(char *p, uint32_t rank)
{
	static const char *const stems[4] = {"pool", "dsl", "crawl", "host"};
	static const char *const zones[4] = {"net", "com", "org", "net"};
	uint32_t a = rank * 0x9e3779b1u, shape = mix(rank) & 3;

	return put_format(p, "%s-%u-%u-%u-%u.example.%s", stems[shape], a >> 24, a >> 16 & 255,
		a >> 8 & 255, a & 255, zones[shape]);
}

static char *client_render(char *p, uint32_t rank)
{
	if (rank % 4 == 1 && rank / 4 < IPV4_CLIENTS)
		return put_ipv4(p, rank / 4);
	if (rank % 16 == 6)
		return put_ipv6(p, rank);
	return put_host(p, rank);
}

static char *referrer_render(char *p, uint32_t rank)
{
	uint64_t h = mix(~(uint64_t)rank);

	switch (rank % 4) {
	case 0:
		return put_format(
			p, "http://search.example.com/search?q=%s+%s&hl=en", word(h), word(h >> 5));
	case 1:
		return put_format(p, "http://www.example.org/ongoing/");
	case 2:
		return url_render(put(p, LIT("http://www.example.org")), article_rank(h));
	default:
		return put_format(p, "http://planet.example.net/%s-%" PRIu32, word(h), rank);
	}
}

/* The most frequent first. */
static const char *const agents[] = {
	"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
	"ExampleReader/3.1 (http://reader.example.com/; 214 subscribers)",
	"Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.8.0.7) "
	"Gecko/20060909 Firefox/1.5.0.7",
	"Mozilla/5.0 (compatible; ExampleBot/2.1; +http://www.example.com/bot.html)",
	"Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; .NET CLR 2.0.50727)",
	"Mozilla/5.0 (Macintosh; U; PPC Mac OS X; en) "
	"AppleWebKit/418.8 (KHTML, like Gecko) Safari/419.3",
	"NewsWire/2.1 (Mac OS X; http://newswire.example.org/)",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/118.0.0.0 Safari/537.36",
	"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0",
	"SlurpExample/3.0 (slurp@example.net)",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 "
	"(KHTML, like Gecko) Version/16.5 Mobile/15E148 Safari/604.1",
	"Opera/9.02 (Windows NT 5.1; U; en)",
	"-",
	"Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.7.12) Gecko/20051010 Firefox/1.0.7",
	"Wget/1.10.2",
	"Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 "
	"(KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36",
	"Feedcatcher/1.0 (+http://feeds.example.net/about)",
	"Mozilla/5.0 (compatible; Konqueror/3.5; Linux) KHTML/3.5.4 (like Gecko)",
	"curl/7.88.1",
	"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
	"PlanetExample/2.0 +http://www.example.org/planet UniversalFeedParser/4.1",
	"Python-urllib/2.5",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
	"(KHTML, like Gecko) Version/17.1 Safari/605.1.15",
	"Mozilla/5.0 (compatible; CrawlerOfExamples/1.4; crawler@example.com)",
	"libwww-perl/5.805",
	"Mozilla/4.0 (compatible; MSIE 5.5; Windows 98; Win 9x 4.90)",
	"Java/1.5.0_09",
	"Lynx/2.8.5rel.1 libwww-FM/2.14 SSL-MM/1.4.1",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:124.0) Gecko/20100101 Firefox/124.0",
	"python-requests/2.31.0",
	"Go-http-client/1.1",
	"ExampleTrainer/1.0 (+https://ai.example.com/crawl)",
};

static char *agent_render(char *p, uint32_t rank)
{
	return put_str(p, agents[rank - 1]);
}

/* ---- time ---- */

/* 01/Oct/2006:06:33:45 */
#define START (732890 * UINT64_C(86400) + 6 * 3600 + 33 * 60 + 45)

struct clock {
	uint64_t second;      /* since 1 March of the year 0 */
	char text[NAME_ROOM]; /* [01/Oct/2006:06:33:45 -0700] */
};

/* The calendar is computed as in Howard Hinnant's civil_from_days.  Years begin in March, so that a
 * leap day is the last of its year, and repeat every 400 years.
 */
static void clock_advance(struct clock *c, unsigned seconds)
{
	static const char months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";

	c->second += seconds;

	unsigned time = (unsigned)(c->second % 86400), days = (unsigned)(c->second / 86400);
	unsigned cycle = days / 146097, d = days % 146097;
	unsigned year = (d - d / 1460 + d / 36524 - d / 146096) / 365;

	d -= 365 * year + year / 4 - year / 100;

	unsigned month = (5 * d + 2) / 153, day = d - (153 * month + 2) / 5 + 1;

	year += 400 * cycle + (month >= 10 ? 1 : 0);
	put_format(c->text, "[%02u/%.3s/%04u:%02u:%02u:%02u -0700]", day, months + 3 * month, year,
		time / 3600, time / 60 % 60, time % 60);
}

/* ---- lines ---- */

struct log {
	struct rng rng;
	struct clock clock;
	struct names urls, clients, referrers, agents;
	uint64_t requests; /* URLs used: --uniform uses each in turn */
};

static void log_open(struct log *l, uint64_t seed, uint32_t urls, uint32_t clients, bool uniform)
{
	*l = (struct log){.clock = {START, ""}};
	rng_seed(&l->rng, seed);
	clock_advance(&l->clock, 0);
	l->urls = names_make(urls, url_render, !uniform);
	l->clients = names_make(clients, client_render, true);
	l->referrers = names_make(REFERRERS, referrer_render, true);
	l->agents = names_make((uint32_t)COUNT(agents), agent_render, true);
}

static void log_close(struct log *l)
{
	names_free(&l->urls);
	names_free(&l->clients);
	names_free(&l->referrers);
	names_free(&l->agents);
}

static uint32_t log_url(struct log *l)
{
	if (l->urls.slots)
		return names_draw(&l->urls, rng_next(&l->rng));
	return scatter(l->requests++, l->urls.count);
}

/* A client always has the same agent: its rank determines it. */
static char *put_agent(char *p, const struct log *l, uint32_t client)
{
	return names_put(&l->agents, p, names_draw(&l->agents, mix(client)));
}

static char *put_time(char *p, const struct log *l)
{
	return put(p, (struct span){l->clock.text, TIME_LEN});
}

static struct span method(uint32_t rank, uint32_t bits)
{
	if (bits == 0)
		return LIT("HEAD ");
	if (bits < 9 && url_kind(rank) == API)
		return LIT("POST ");
	return LIT("GET ");
}

/* Shares are in 256ths. */
static const char *status(uint32_t bits)
{
	static const struct {
		uint32_t share;
		char code[4];
	} codes[] = {{200, "200"}, {26, "304"}, {9, "404"}, {8, "301"}, {5, "206"}, {3, "403"},
		{2, "500"}, {2, "503"}, {1, "499"}};
	size_t i = 0;

	for (; bits >= codes[i].share; i++)
		bits -= codes[i].share;
	return codes[i].code;
}

/* A page always has the same size.  Small sizes are the most frequent. */
static char *put_size(char *p, uint32_t rank, const char *code)
{
	uint64_t h = mix(rank);

	if (memcmp(code, "304", 3) == 0)
		return put(p, LIT("-"));
	if (code[0] != '2')
		return put_uint(p, 209 + h % 97);
	return put_uint(p, 120 + ((h & 0x7ffff) >> (h >> 60)));
}

static char *put_user(char *p, uint32_t bits)
{
	static const char *const users[4] = {"anna", "bob", "editor", "w.smith"};

	return bits % 128 ? put(p, LIT("-")) : put_str(p, users[bits >> 7]);
}

/* The hot path.  The client, the URL and the referrer need a random number each; all small
 * decisions share one, of which they use different bits.
 */
static char *put_request(char *p, struct log *l)
{
	static const unsigned char steps[8] = {0, 0, 0, 0, 1, 1, 2, 4};
	uint64_t bits = rng_next(&l->rng), from = rng_next(&l->rng);
	uint32_t client = names_draw(&l->clients, rng_next(&l->rng)), url = log_url(l);
	unsigned step = steps[bits >> 8 & 7];
	const char *code = status(bits & 255);

	if (step)
		clock_advance(&l->clock, step);
	p = names_put(&l->clients, p, client);
	p = put(p, LIT(" - "));
	p = put_user(p, bits >> 11 & 511);
	*p++ = ' ';
	p = put_time(p, l);
	p = put(p, LIT(" \""));
	p = put(p, method(url, bits >> 20 & 31));
	p = names_put(&l->urls, p, url);
	p = put(p, bits >> 25 & 7 ? LIT(" HTTP/1.1\" ") : LIT(" HTTP/1.0\" "));
	p = put(p, (struct span){code, 3});
	*p++ = ' ';
	p = put_size(p, url, code);
	p = put(p, LIT(" \""));
	if ((bits >> 28) % 1000 < 400)
		*p++ = '-';
	else
		p = names_put(&l->referrers, p, names_draw(&l->referrers, from));
	p = put(p, LIT("\" \""));
	p = put_agent(p, l, client);
	return put(p, LIT("\"\n"));
}

/* ---- lines from templates ---- */

/* Fields: $c client, $6 IPv6 client, $t time, $u URL, $w article URL, $a agent. */
static char *put_field(char *p, struct log *l, char field, uint32_t client)
{
	switch (field) {
	case 'c':
		return names_put(&l->clients, p, client);
	case '6':
		return put_ipv6(p, client);
	case 't':
		return put_time(p, l);
	case 'u':
		return names_put(&l->urls, p, log_url(l));
	case 'w':
		return url_render(p, article_rank(rng_next(&l->rng)));
	default:
		return put_agent(p, l, client);
	}
}

static char *put_template(char *p, struct log *l, struct span text)
{
	uint32_t client = names_draw(&l->clients, rng_next(&l->rng));

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '$')
			p = put_field(p, l, text.at[++i], client);
		else
			*p++ = text.at[i];
	}
	return p;
}

#define HEAD "$c - - $t \"GET "
#define TAIL " 200 512 \"-\" \"$a\""

/* Pairs of lines: the second is written directly after the first. */
/* clang-format off */
static const struct span hostile[] = {
	SPAN(HEAD "$w\0nul HTTP/1.1\"" TAIL), SPAN(HEAD "$u HTTP/1.1\" 200 1 \"-\" \"nul\0\0agent\""),
	SPAN(HEAD "$w\377\200\376 HTTP/1.1\"" TAIL), SPAN(HEAD "$u HTTP/1.1\" 200 1 \"-\" \"\244\351\377\""),
	SPAN(HEAD "$w HTTP/1.1\"" TAIL "\r"), SPAN("\r"),
	SPAN(""), SPAN(""),
	/* a missing quote, and one too many */
	SPAN(HEAD "$w HTTP/1.1\" 200 512 \"-\" \"$a"), SPAN(HEAD "$w HTTP/1.1 200 512 \"-\" \"$a\""),
	SPAN(HEAD "$w HTTP/1.1\" 200 1 \"-\" \"the \\\"best\\\" agent\""), SPAN(HEAD "$u\"x HTTP/1.1\"" TAIL),
	SPAN(HEAD "$w HTTP/1.1\" 200 1 \"-\" \"C:\\\\\""), SPAN(HEAD "$u\\\" HTTP/1.1\" 200 1 \"\\\\\" \"$a\""),
	SPAN("$6 - - $t \"GET $w HTTP/1.1\"" TAIL), SPAN("::ffff:192.0.2.7 - - $t \"GET $w HTTP/1.0\"" TAIL),
	/* control sequences for a terminal */
	SPAN(HEAD "$w\033[31m HTTP/1.1\" 200 1 \"-\" \"\033[31mred\033[0m\""),
	SPAN(HEAD "$w\033]0;title\007 HTTP/1.1\" 200 1 \"-\" \"\033]0;title\033\\ \007\b\b\""),
	SPAN(HEAD "$w\rcr HTTP/1.1\"" TAIL), SPAN(HEAD "$u HTTP/1.1\" 200 1 \"-\" \"carriage\rreturn\""),
	SPAN("www.example.org:443 " HEAD "$w HTTP/1.1\"" TAIL), SPAN(" " HEAD "$w HTTP/1.1\"" TAIL),
	SPAN(HEAD "/x\"" TAIL), SPAN(HEAD "$w\"" TAIL),
	/* TLS sent to a port without TLS: escaped by the server, and raw */
	SPAN("$c - - $t \"\\x16\\x03\\x01\\x02\" 400 226 \"-\" \"-\""),
	SPAN("$c - - $t \"\026\003\001\002\" 400 226 \"-\" \"-\""),
	SPAN("$c - - $t \"-\" 408 - \"-\" \"-\""), SPAN("$c - - $t \"\" 400 0 \"-\" \"-\""),
	SPAN(HEAD "/a page with blanks.html HTTP/1.1\"" TAIL), SPAN(HEAD "$w and more HTTP/1.1\"" TAIL),
	/* no blank after the article, but one after the line's end */
	SPAN(HEAD "$w"), SPAN("localhost - - $t \"GET $u HTTP/1.1\"" TAIL),
	SPAN(HEAD "/ongoing/When/200x/2006/09/29/"), SPAN("$6 - - $t \"GET $u HTTP/1.1\"" TAIL),
	SPAN(HEAD "/ongoing/When/200"), SPAN("x/2006/09/29/Split HTTP/1.1\"" TAIL),
	/* UTF-8: well-formed, and overlong, a surrogate, truncated */
	SPAN(HEAD "$w/\346\227\245\346\234\254 HTTP/1.1\" 200 1 \"-\" \"na\303\257ve \360\237\220\247\""),
	SPAN(HEAD "$w\300\257\355\240\200\342\202 HTTP/1.1\" 200 1 \"-\" \"\342\202\""),
	/* line ends of other languages */
	SPAN(HEAD "$w\v\f\034\035\036 HTTP/1.1\"" TAIL), SPAN(HEAD "$w\302\205\342\200\250\342\200\251 HTTP/1.1\"" TAIL),
	/* almost an article */
	SPAN(HEAD "/ongoing/When/20xx/2006/09/29/Near HTTP/1.1\"" TAIL),
	SPAN(HEAD "/ongoing/When/200x/2006/9/29/Near HTTP/1.1\"" TAIL),
	SPAN(HEAD "/ongoing/When/200x/2006/09/29/ HTTP/1.1\"" TAIL),
	SPAN(HEAD "GET $w HTTP/1.1\" 200 1 \"GET $w \" \"GET $w \""),
	/* fields in wrong places */
	SPAN("$c - jo e $t \"GET $w HTTP/1.1\"" TAIL), SPAN("$c\t-\t-\t$t\t\"GET\t$w\tHTTP/1.1\"\t200\t512"),
	SPAN("GET"), SPAN("   \t "),
};
/* clang-format on */

/* All hostile lines must occur within the first thousand lines, in pairs. */
_Static_assert(COUNT(hostile) <= 2 * (1000 / HOSTILE_EVERY), "too many kinds of hostile lines");
_Static_assert(COUNT(hostile) % 2 == 0, "hostile lines come in pairs");

/* ---- output ---- */

struct out {
	char *buf; /* OUT_SIZE bytes */
	size_t len;
};

static void out_flush(struct out *o)
{
	for (size_t done = 0; done < o->len;) {
		ssize_t n = write(STDOUT_FILENO, o->buf + done, o->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EPIPE)
			exit(2);
		else if (errno != EINTR)
			die("write", strerror(errno));
	}
	o->len = 0;
}

/* Where to write up to LINE_ROOM bytes.  Then call out_take() with their end. */
static inline char *out_room(struct out *o)
{
	if (OUT_SIZE - o->len < LINE_ROOM)
		out_flush(o);
	return o->buf + o->len;
}

static inline void out_take(struct out *o, const char *end)
{
	o->len = (size_t)(end - o->buf);
}

static void out_long_line(struct out *o, struct log *l)
{
	out_take(o, put_template(out_room(o), l, LIT("$c - - $t \"GET /long?")));
	for (int done = 0; done < LONG_FILL; done += LINE_ROOM) {
		char *p = out_room(o);

		memset(p, 'a' + done / LINE_ROOM % 26, LINE_ROOM);
		out_take(o, p + LINE_ROOM);
	}
	out_take(o, put(out_room(o), LIT(" HTTP/1.1\" 414 340 \"-\" \"-\"\n")));
}

static char *put_line(char *p, struct log *l, uint64_t i)
{
	if (i % TIMEOUT_EVERY == 999) /* connected, but sent nothing */
		return put_template(p, l, LIT("$c - - $t \"-\" 408 - \"-\" \"-\"\n"));
	return put_request(p, l);
}

static void out_plain(struct out *o, struct log *l, uint64_t lines)
{
	for (uint64_t i = 0; i < lines; i++)
		out_take(o, put_line(out_room(o), l, i));
}

/* The long line is not at a place of a hostile one.  The last line is an ordinary one: a hostile
 * one may be empty, and would vanish with its newline.
 */
static void out_hostile(struct out *o, struct log *l, uint64_t lines)
{
	uint64_t middle = lines / 2 - lines / 2 % HOSTILE_EVERY;

	for (uint64_t i = 0; i < lines; i++) {
		uint64_t nth = i % HOSTILE_EVERY - HOSTILE_AT; /* 0 or 1, or not hostile */

		if (i == middle) {
			out_long_line(o, l);
		} else if (nth < 2 && i + 1 < lines) {
			nth += i / HOSTILE_EVERY * 2;
			char *p = put_template(out_room(o), l, hostile[nth % COUNT(hostile)]);

			out_take(o, put(p, LIT("\n")));
		} else {
			out_take(o, put_line(out_room(o), l, i));
		}
	}
	if (lines)
		o->len--;
}

/* ---- options ---- */

struct option {
	const char *name, *arg; /* arg NULL: a flag, sets 1 */
	uint64_t min, max, *to;
	const char *help;
};

static void set_number(const struct option *o, const char *text)
{
	char why[80], *end;

	errno = 0;
	if (text && *text >= '0' && *text <= '9') { /* no sign, no blanks */
		*o->to = strtoumax(text, &end, 10);
		if (!*end && !errno && *o->to >= o->min && *o->to <= o->max)
			return;
	}
	snprintf(why, sizeof why, "%s must be a number from %" PRIu64 " to %" PRIu64, o->arg,
		o->min, o->max);
	die(o->name, why);
}

/* Find the option that an argument is; its number may be in the same argument, as in -n100. */
static const struct option *find_option(const struct option *opts, const char *arg)
{
	for (; opts->name; opts++) {
		if (opts->arg ? strncmp(arg, opts->name, 2) == 0 : strcmp(arg, opts->name) == 0)
			return opts;
	}
	die(arg, "unknown argument; see mklog -h");
}

static void parse_args(const struct option *opts, char **args)
{
	for (; *args; args++) {
		const struct option *o = find_option(opts, *args);

		if (!o->arg)
			*o->to = 1;
		else if ((*args)[2])
			set_number(o, *args + 2);
		else
			set_number(o, *++args); /* NULL at the end is an error */
	}
}

static void print_help(const struct option *opts)
{
	printf("mklog -n LINES [options]: write a synthetic web server log to stdout\n\n");
	for (; opts->name; opts++)
		printf("  %s %-*s%s\n", opts->name, 16 - (int)strlen(opts->name),
			opts->arg ? opts->arg : "", opts->help);
	if (fflush(stdout) != 0)
		die("write", strerror(errno));
}

int main(int argc, char **argv)
{
	uint64_t lines = UINT64_MAX, seed = 1, urls = 5000, clients = 3000;
	uint64_t uniform = 0, wild = 0, help = 0;
	const struct option opts[] = {
		/* With a second per line, so many lines have years of four digits. */
		{"-n", "LINES", 0, UINT64_C(200000000000), &lines, "number of lines (required)"},
		{"-s", "SEED", 0, UINT64_MAX, &seed, "seed of the random numbers (1)"},
		{"-u", "URLS", 1, RANKS_MAX, &urls, "number of distinct URLs (5000)"},
		{"-c", "CLIENTS", 1, RANKS_MAX, &clients, "number of distinct clients (3000)"},
		{"--uniform", NULL, 0, 0, &uniform, "use each URL in turn: -n 2N -u N uses all N"},
		{"--hostile", NULL, 0, 0, &wild, "make one line in 20 broken, binary or an attack"},
		{"-h", NULL, 0, 0, &help, "print this"},
		{NULL, NULL, 0, 0, NULL, NULL},
	};

	parse_args(opts, argc > 0 ? argv + 1 : argv);
	if (help) {
		print_help(opts);
		return 0;
	}
	if (lines == UINT64_MAX)
		die("-n", "number of lines missing; see mklog -h");

	struct log l;
	struct out o = {alloc(OUT_SIZE, 1), 0};

	log_open(&l, seed, (uint32_t)urls, (uint32_t)clients, uniform);
	if (wild)
		out_hostile(&o, &l, lines);
	else
		out_plain(&o, &l, lines);
	out_flush(&o);
	log_close(&l);
	free(o.buf);
	return 0;
}
