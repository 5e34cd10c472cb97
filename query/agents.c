/* The facts in this file were written down from general knowledge of User-Agent headers, in November
 * 2026.  They were not copied from a list.  A header says what its sender wants to be taken for:
 * Brave looks like Chrome, and an iPad that asks for desktop pages looks like a Mac.
 */
#include "query/agents.h"

#include <stdlib.h>

#include "lib/ascii.h"
#include "lib/decimal.h"

/* Kinds of devices.  If words name different kinds, the one that is further down counts. */
enum device {
	DEVICE_NONE,
	DESKTOP,
	MAYBE_TABLET, /* Android without the word "Mobile" */
	MOBILE,
	TABLET,
	TV,
	CONSOLE,
	WATCH,
	HEADSET,
	CAR,
};

static const char *const devices[] = {
	"-", "desktop", "tablet", "mobile", "tablet", "tv", "console", "watch", "headset", "car"};

/* Ranks: of several browsers, systems or bots in a header, the one with the highest rank counts, and
 * of those with the same rank the first one. */
enum {
	BASE_ENGINE,
	BASE_BROWSER, /* Safari, whose name nearly all other browsers add to their own */
	BROWSER,      /* Chrome, whose name many add */
	VARIANT,
	APP, /* an app that shows pages */
};

/* Windows, macOS and Linux have rank 0. */
enum { OTHER_OS = 1, DERIVED_OS };

/* RUNTIME is a language or a system's library, which adds its name to that of a program.  The bots of
 * WITH_URL and LIKE_A_BOT are not in the table. */
enum { RUNTIME, WITH_URL, LIBRARY, LIKE_A_BOT, BOT };

/* A word, or two with a blank between them, in lower case.  A row without a meaning prevents that
 * the words are understood in another way. */
static const struct word {
	const char *text;
	const char *browser, *os, *bot;
	enum device device;
	unsigned char rank;
	bool slash; /* true if a "/" must follow */
} words[] = {
	/* Browsers. */
	{"applewebkit", .browser = "WebKit", .rank = BASE_ENGINE},
	{"gecko", .browser = "Mozilla", .rank = BASE_ENGINE},
	{"safari", .browser = "Safari", .rank = BASE_BROWSER},
	{"chrome", .browser = "Chrome", .rank = BROWSER},
	{"crios", .browser = "Chrome", .rank = VARIANT},
	{"chromium", .browser = "Chromium", .rank = VARIANT},
	{"firefox", .browser = "Firefox", .rank = BROWSER},
	{"fxios", .browser = "Firefox", .rank = VARIANT},
	{"focus", .browser = "Firefox Focus", .rank = APP, .slash = true},
	{"klar", .browser = "Firefox Focus", .rank = APP, .slash = true},
	{"msie", .browser = "Internet Explorer", .rank = BASE_BROWSER},
	{"trident", .browser = "Internet Explorer", .rank = BASE_BROWSER},
	{"iemobile", .browser = "Internet Explorer", .rank = VARIANT},
	{"edge", .browser = "Edge", .rank = VARIANT, .slash = true},
	{"edg", .browser = "Edge", .rank = VARIANT}, {"edga", .browser = "Edge", .rank = VARIANT},
	{"edgios", .browser = "Edge", .rank = VARIANT},
	{"edgw", .browser = "Edge", .rank = VARIANT},
	{"opera", .browser = "Opera", .rank = BROWSER},
	{"opr", .browser = "Opera", .rank = VARIANT},
	{"opt", .browser = "Opera", .rank = VARIANT, .slash = true},
	{"opios", .browser = "Opera Mini", .rank = VARIANT},
	{"opera mini", .browser = "Opera Mini", .device = MOBILE, .rank = VARIANT},
	{"opera mobi", .browser = "Opera", .device = MOBILE, .rank = VARIANT},
	{"opera tablet", .browser = "Opera", .device = TABLET, .rank = VARIANT},
	{"oprgx", .browser = "Opera GX", .rank = VARIANT},
	{"opx", .browser = "Opera GX", .rank = VARIANT},
	{"samsungbrowser", .browser = "Samsung Internet", .rank = VARIANT},
	{"brave", .browser = "Brave", .rank = VARIANT},
	{"vivaldi", .browser = "Vivaldi", .rank = VARIANT},
	{"yabrowser", .browser = "Yandex Browser", .rank = VARIANT},
	{"yowser", .browser = "Yandex Browser", .rank = VARIANT},
	{"ucbrowser", .browser = "UC Browser", .rank = VARIANT},
	{"ubrowser", .browser = "UC Browser", .rank = VARIANT},
	{"ucweb", .browser = "UC Browser", .rank = VARIANT},
	{"qqbrowser", .browser = "QQ Browser", .rank = VARIANT},
	{"mqqbrowser", .browser = "QQ Browser", .rank = VARIANT},
	{"miuibrowser", .browser = "Mi Browser", .rank = VARIANT},
	{"huaweibrowser", .browser = "Huawei Browser", .rank = VARIANT},
	{"vivobrowser", .browser = "Vivo Browser", .rank = VARIANT},
	{"heytapbrowser", .browser = "HeyTap Browser", .rank = VARIANT},
	{"baidubrowser", .browser = "Baidu Browser", .rank = VARIANT},
	{"bidubrowser", .browser = "Baidu Browser", .rank = VARIANT},
	{"baiduboxapp", .browser = "Baidu", .rank = APP},
	{"metasr", .browser = "Sogou Browser", .rank = VARIANT},
	{"qihoobrowser", .browser = "360 Browser", .rank = VARIANT},
	{"whale", .browser = "Whale", .rank = VARIANT, .slash = true},
	{"coc_coc_browser", .browser = "Coc Coc", .rank = VARIANT},
	{"duckduckgo", .browser = "DuckDuckGo", .rank = VARIANT, .slash = true},
	{"ddg", .browser = "DuckDuckGo", .rank = VARIANT, .slash = true},
	{"ecosia", .browser = "Ecosia", .rank = VARIANT},
	{"silk", .browser = "Silk", .rank = VARIANT},
	{"puffin", .browser = "Puffin", .rank = VARIANT},
	{"maxthon", .browser = "Maxthon", .rank = VARIANT},
	{"sleipnir", .browser = "Sleipnir", .rank = VARIANT},
	{"iron", .browser = "Iron", .rank = VARIANT, .slash = true},
	{"avast", .browser = "Avast Secure Browser", .rank = VARIANT, .slash = true},
	{"avg", .browser = "AVG Secure Browser", .rank = VARIANT, .slash = true},
	{"avira", .browser = "Avira Secure Browser", .rank = VARIANT, .slash = true},
	{"ccleaner", .browser = "CCleaner Browser", .rank = VARIANT, .slash = true},
	{"aloha", .browser = "Aloha", .rank = VARIANT},
	{"alohabrowser", .browser = "Aloha", .rank = VARIANT},
	{"arc", .browser = "Arc", .rank = VARIANT, .slash = true},
	{"oculusbrowser", .browser = "Meta Quest Browser", .device = HEADSET, .rank = VARIANT},
	{"seamonkey", .browser = "SeaMonkey", .rank = VARIANT},
	{"palemoon", .browser = "Pale Moon", .rank = VARIANT},
	{"waterfox", .browser = "Waterfox", .rank = VARIANT},
	{"librewolf", .browser = "LibreWolf", .rank = VARIANT},
	{"iceweasel", .browser = "Iceweasel", .rank = VARIANT},
	{"k-meleon", .browser = "K-Meleon", .rank = VARIANT},
	{"camino", .browser = "Camino", .rank = VARIANT},
	{"netscape", .browser = "Netscape", .rank = VARIANT},
	{"epiphany", .browser = "Epiphany", .rank = VARIANT},
	{"konqueror", .browser = "Konqueror", .rank = VARIANT},
	{"falkon", .browser = "Falkon", .rank = VARIANT},
	{"qutebrowser", .browser = "qutebrowser", .rank = VARIANT},
	{"midori", .browser = "Midori", .rank = VARIANT},
	{"lynx", .browser = "Lynx", .device = DESKTOP, .rank = VARIANT},
	{"links", .browser = "Links", .device = DESKTOP, .rank = VARIANT},
	{"elinks", .browser = "ELinks", .device = DESKTOP, .rank = VARIANT},
	{"w3m", .browser = "w3m", .device = DESKTOP, .rank = VARIANT},
	{"dillo", .browser = "Dillo", .device = DESKTOP, .rank = VARIANT},
	{"netsurf", .browser = "NetSurf", .rank = VARIANT},
	{"ladybird", .browser = "Ladybird", .rank = VARIANT},
	{"nokiabrowser", .browser = "Nokia Browser", .device = MOBILE, .rank = VARIANT},
	{"browserng", .browser = "Nokia Browser", .device = MOBILE, .rank = VARIANT},
	{"nintendobrowser", .browser = "Nintendo Browser", .rank = VARIANT},
	{"netfront", .browser = "NetFront", .rank = VARIANT},
	{"wv", .browser = "Android WebView", .rank = VARIANT},

	/* Apps that show pages. */
	{"fban", .browser = "Facebook", .rank = APP}, {"fbav", .browser = "Facebook", .rank = APP},
	{"fb_iab", .browser = "Facebook", .rank = APP},
	{"messengerforios", .browser = "Messenger", .rank = APP},
	{"instagram", .browser = "Instagram", .rank = APP},
	{"barcelona", .browser = "Threads", .rank = APP},
	{"snapchat", .browser = "Snapchat", .rank = APP},
	{"pinterest", .browser = "Pinterest", .rank = APP, .slash = true},
	{"twitter for", .browser = "Twitter", .rank = APP},
	{"twitterandroid", .browser = "Twitter", .rank = APP},
	{"linkedinapp", .browser = "LinkedIn", .rank = APP},
	{"musical_ly", .browser = "TikTok", .rank = APP},
	{"bytedancewebview", .browser = "TikTok", .rank = APP},
	{"bytelocale", .browser = "TikTok", .rank = APP},
	{"trill", .browser = "TikTok", .rank = APP},
	{"micromessenger", .browser = "WeChat", .rank = APP},
	{"weibo", .browser = "Weibo", .rank = APP},
	{"qq", .browser = "QQ", .rank = APP, .slash = true},
	{"alipayclient", .browser = "Alipay", .rank = APP},
	{"dingtalk", .browser = "DingTalk", .rank = APP},
	{"line", .browser = "Line", .rank = APP, .slash = true},
	{"kakaotalk", .browser = "KakaoTalk", .rank = APP},
	{"naver", .browser = "Naver", .rank = APP}, {"viber", .browser = "Viber", .rank = APP},
	{"telegram-android", .browser = "Telegram", .rank = APP},
	{"gsa", .browser = "Google app", .rank = APP, .slash = true},
	{"bingsapphire", .browser = "Bing app", .rank = APP},
	{"bingweb", .browser = "Bing app", .rank = APP},
	{"reddit", .browser = "Reddit", .rank = APP, .slash = true},
	{"slack", .browser = "Slack", .rank = APP, .slash = true},
	{"slack_ssb", .browser = "Slack", .rank = APP},
	{"discord", .browser = "Discord", .rank = APP, .slash = true},
	{"teams", .browser = "Teams", .rank = APP, .slash = true},
	{"electron", .browser = "Electron", .rank = VARIANT},
	{"steam", .browser = "Steam", .rank = APP},
	{"valve steam", .browser = "Steam", .rank = APP},
	{"thunderbird", .browser = "Thunderbird", .rank = VARIANT},
	{"microsoft outlook", .browser = "Outlook", .device = DESKTOP, .rank = APP},
	{"microsoft office", .browser = "Office", .device = DESKTOP, .rank = VARIANT},
	{"tesla", .browser = "Tesla", .device = CAR, .rank = APP},
	{"qtcarbrowser", .browser = "Tesla", .device = CAR, .rank = APP},

	/* Systems, and what they run on. */
	{"windows", .os = "Windows", .device = DESKTOP},
	{"win98", .os = "Windows", .device = DESKTOP},
	{"windows phone", .os = "Windows Phone", .device = MOBILE, .rank = DERIVED_OS},
	{"windows mobile", .os = "Windows Phone", .device = MOBILE, .rank = DERIVED_OS},
	{"windows ce", .os = "Windows Phone", .device = MOBILE, .rank = DERIVED_OS},
	{"macintosh", .os = "macOS", .device = DESKTOP},
	{"mac_powerpc", .os = "macOS", .device = DESKTOP},
	{"mac os", .os = "macOS", .device = DESKTOP}, {"linux", .os = "Linux", .device = DESKTOP},
	{"ubuntu", .os = "Linux", .device = DESKTOP}, {"fedora", .os = "Linux", .device = DESKTOP},
	{"debian", .os = "Linux", .device = DESKTOP}, {"x11", .device = DESKTOP},
	{"wayland", .device = DESKTOP},
	{"cros", .os = "ChromeOS", .device = DESKTOP, .rank = OTHER_OS},
	{"freebsd", .os = "FreeBSD", .device = DESKTOP, .rank = OTHER_OS},
	{"openbsd", .os = "OpenBSD", .device = DESKTOP, .rank = OTHER_OS},
	{"netbsd", .os = "NetBSD", .device = DESKTOP, .rank = OTHER_OS},
	{"sunos", .os = "SunOS", .device = DESKTOP, .rank = OTHER_OS},
	{"haiku", .os = "Haiku", .device = DESKTOP, .rank = OTHER_OS},
	{"amigaos", .os = "AmigaOS", .device = DESKTOP, .rank = OTHER_OS},
	{"android", .os = "Android", .device = MAYBE_TABLET, .rank = OTHER_OS},
	{"iphone", .os = "iOS", .device = MOBILE, .rank = OTHER_OS},
	{"ipod", .os = "iOS", .device = MOBILE, .rank = OTHER_OS},
	{"ipad", .os = "iOS", .device = TABLET, .rank = OTHER_OS},
	{"ios", .os = "iOS", .device = MOBILE, .rank = OTHER_OS},
	{"ipados", .os = "iOS", .device = TABLET, .rank = OTHER_OS},
	{"harmonyos", .os = "HarmonyOS", .device = MAYBE_TABLET, .rank = DERIVED_OS},
	{"openharmony", .os = "HarmonyOS", .device = MAYBE_TABLET, .rank = DERIVED_OS},
	{"kaios", .os = "KaiOS", .device = MOBILE, .rank = DERIVED_OS},
	{"blackberry", .os = "BlackBerry", .device = MOBILE, .rank = OTHER_OS},
	{"bb10", .os = "BlackBerry", .device = MOBILE, .rank = OTHER_OS},
	{"playbook", .os = "BlackBerry", .device = TABLET, .rank = DERIVED_OS},
	{"symbianos", .os = "Symbian", .device = MOBILE, .rank = OTHER_OS},
	{"symbian", .os = "Symbian", .device = MOBILE, .rank = OTHER_OS},
	{"series60", .os = "Symbian", .device = MOBILE, .rank = OTHER_OS},
	{"series40", .os = "Series 40", .device = MOBILE, .rank = OTHER_OS},
	{"sailfish", .os = "Sailfish", .device = MOBILE, .rank = OTHER_OS},
	{"tizen", .os = "Tizen", .rank = OTHER_OS},
	{"bada", .os = "Bada", .device = MOBILE, .rank = OTHER_OS},
	{"webos", .os = "webOS", .device = MOBILE, .rank = OTHER_OS},
	{"hpwos", .os = "webOS", .device = TABLET, .rank = OTHER_OS},
	{"web0s", .os = "webOS", .device = TV, .rank = OTHER_OS},
	{"netcast", .os = "NetCast", .device = TV, .rank = OTHER_OS},
	{"roku", .os = "Roku", .device = TV, .rank = OTHER_OS},
	{"vidaa", .os = "VIDAA", .device = TV, .rank = OTHER_OS},
	{"appletv", .os = "tvOS", .device = TV, .rank = OTHER_OS},
	{"tvos", .os = "tvOS", .device = TV, .rank = OTHER_OS},
	{"apple tv", .os = "tvOS", .device = TV, .rank = OTHER_OS},
	{"apple watch", .os = "watchOS", .device = WATCH, .rank = DERIVED_OS},
	{"watchos", .os = "watchOS", .device = WATCH, .rank = DERIVED_OS},
	{"playstation", .os = "PlayStation", .device = CONSOLE, .rank = DERIVED_OS},
	{"xbox", .os = "Xbox", .device = CONSOLE, .rank = DERIVED_OS},
	{"nintendo", .os = "Nintendo", .device = CONSOLE, .rank = DERIVED_OS},

	/* Devices. */
	{"mobile", .device = MOBILE}, {"mobi", .device = MOBILE}, {"midp", .device = MOBILE},
	{"phone", .device = MOBILE}, {"tablet", .device = TABLET},
	{.text = "tablet pc"}, /* of Windows XP */
	{"kindle", .device = TABLET}, {"tv", .device = TV}, {"smarttv", .device = TV},
	{"smart-tv", .device = TV}, {"smart tv", .device = TV}, {"googletv", .device = TV},
	{"google tv", .device = TV},
	{"android tv", .os = "Android", .device = TV, .rank = OTHER_OS}, {"hbbtv", .device = TV},
	{"dtv", .device = TV}, {"bravia", .device = TV}, {"viera", .device = TV},
	{"aquos", .device = TV}, {"crkey", .device = TV}, {"chromecast", .device = TV},
	{"mitv", .device = TV}, {"mibox", .device = TV}, {"aftb", .device = TV},
	{"aftt", .device = TV}, {"aftm", .device = TV}, {"afts", .device = TV},
	{"aftn", .device = TV}, {"aftmm", .device = TV}, {"aftka", .device = TV},
	{"aftr", .device = TV}, {"aftss", .device = TV}, {"aftsss", .device = TV},
	{"watch", .device = WATCH}, {"quest", .device = HEADSET},

	/* Search engines. */
	{"googlebot", .bot = "Googlebot", .rank = BOT},
	{"googlebot-image", .bot = "Googlebot-Image", .rank = BOT},
	{"googlebot-video", .bot = "Googlebot-Video", .rank = BOT},
	{"googlebot-news", .bot = "Googlebot-News", .rank = BOT},
	{"adsbot-google", .bot = "AdsBot-Google", .rank = BOT},
	{"adsbot-google-mobile", .bot = "AdsBot-Google", .rank = BOT},
	{"mediapartners-google", .bot = "Mediapartners-Google", .rank = BOT},
	{"storebot-google", .bot = "Storebot-Google", .rank = BOT},
	{"apis-google", .bot = "APIs-Google", .rank = BOT},
	{"feedfetcher-google", .bot = "FeedFetcher-Google", .rank = BOT},
	{"google-inspectiontool", .bot = "Google-InspectionTool", .rank = BOT},
	{"google-read-aloud", .bot = "Google-Read-Aloud", .rank = BOT},
	{"google-site-verification", .bot = "Google-Site-Verification", .rank = BOT},
	{"google-cloudvertexbot", .bot = "Google-CloudVertexBot", .rank = BOT},
	{"google-safety", .bot = "Google-Safety", .rank = BOT},
	{"googleother", .bot = "GoogleOther", .rank = BOT},
	{"googleimageproxy", .bot = "GoogleImageProxy", .rank = BOT},
	{"google favicon", .bot = "Google Favicon", .rank = BOT},
	{"chrome-lighthouse", .bot = "Lighthouse", .rank = BOT},
	{"google page", .bot = "PageSpeed Insights", .rank = BOT},
	{"bingbot", .bot = "Bingbot", .rank = BOT},
	{"bingpreview", .bot = "BingPreview", .rank = BOT},
	{"adidxbot", .bot = "adidxbot", .rank = BOT}, {"msnbot", .bot = "msnbot", .rank = BOT},
	{"yandexbot", .bot = "YandexBot", .rank = BOT},
	{"yandeximages", .bot = "YandexImages", .rank = BOT},
	{"yandexmetrika", .bot = "YandexMetrika", .rank = BOT},
	{"yandexmobilebot", .bot = "YandexBot", .rank = BOT},
	{"yandexaccessibilitybot", .bot = "YandexBot", .rank = BOT},
	{"yandexrenderresourcesbot", .bot = "YandexBot", .rank = BOT},
	{"baiduspider", .bot = "Baiduspider", .rank = BOT},
	{"slurp", .bot = "Yahoo Slurp", .rank = BOT},
	{"duckduckbot", .bot = "DuckDuckBot", .rank = BOT},
	{"duckduckgo-favicons-bot", .bot = "DuckDuckBot", .rank = BOT},
	{"applebot", .bot = "Applebot", .rank = BOT}, {"sogou", .bot = "Sogou spider", .rank = BOT},
	{"360spider", .bot = "360Spider", .rank = BOT},
	{"haosouspider", .bot = "360Spider", .rank = BOT},
	{"yisouspider", .bot = "YisouSpider", .rank = BOT},
	{"yeti", .bot = "Yeti", .rank = BOT, .slash = true},
	{"daum", .bot = "Daum", .rank = BOT, .slash = true},
	{"seznambot", .bot = "SeznamBot", .rank = BOT},
	{"petalbot", .bot = "PetalBot", .rank = BOT}, {"qwantify", .bot = "Qwantbot", .rank = BOT},
	{"qwantbot", .bot = "Qwantbot", .rank = BOT},
	{"mojeekbot", .bot = "MojeekBot", .rank = BOT}, {"exabot", .bot = "Exabot", .rank = BOT},
	{"coccocbot-web", .bot = "coccocbot", .rank = BOT},
	{"ia_archiver", .bot = "ia_archiver", .rank = BOT},
	{"archive.org_bot", .bot = "archive.org_bot", .rank = BOT},
	{"heritrix", .bot = "Heritrix", .rank = BOT}, {"nutch", .bot = "Nutch", .rank = BOT},

	/* Crawlers for language models, and programs that read pages for their users. */
	{"gptbot", .bot = "GPTBot", .rank = BOT},
	{"chatgpt-user", .bot = "ChatGPT-User", .rank = BOT},
	{"oai-searchbot", .bot = "OAI-SearchBot", .rank = BOT},
	{"claudebot", .bot = "ClaudeBot", .rank = BOT},
	{"claude-user", .bot = "Claude-User", .rank = BOT},
	{"claude-searchbot", .bot = "Claude-SearchBot", .rank = BOT},
	{"claude-web", .bot = "Claude-Web", .rank = BOT},
	{"anthropic-ai", .bot = "anthropic-ai", .rank = BOT},
	{"perplexitybot", .bot = "PerplexityBot", .rank = BOT},
	{"perplexity-user", .bot = "Perplexity-User", .rank = BOT},
	{"ccbot", .bot = "CCBot", .rank = BOT}, {"bytespider", .bot = "Bytespider", .rank = BOT},
	{"tiktokspider", .bot = "TikTokSpider", .rank = BOT},
	{"amazonbot", .bot = "Amazonbot", .rank = BOT},
	{"meta-externalagent", .bot = "meta-externalagent", .rank = BOT},
	{"meta-externalfetcher", .bot = "meta-externalfetcher", .rank = BOT},
	{"facebookbot", .bot = "FacebookBot", .rank = BOT},
	{"cohere-ai", .bot = "cohere-ai", .rank = BOT},
	{"mistralai-user", .bot = "MistralAI-User", .rank = BOT},
	{"youbot", .bot = "YouBot", .rank = BOT}, {"ai2bot", .bot = "AI2Bot", .rank = BOT},
	{"diffbot", .bot = "Diffbot", .rank = BOT},
	{"duckassistbot", .bot = "DuckAssistBot", .rank = BOT},
	{"timpibot", .bot = "Timpibot", .rank = BOT},
	{"imagesiftbot", .bot = "ImagesiftBot", .rank = BOT},
	{"omgili", .bot = "omgili", .rank = BOT}, {"omgilibot", .bot = "omgili", .rank = BOT},
	{"img2dataset", .bot = "img2dataset", .rank = BOT},

	/* Marketing and research. */
	{"ahrefsbot", .bot = "AhrefsBot", .rank = BOT},
	{"ahrefssiteaudit", .bot = "AhrefsSiteAudit", .rank = BOT},
	{"semrushbot", .bot = "SemrushBot", .rank = BOT},
	{"mj12bot", .bot = "MJ12bot", .rank = BOT}, {"dotbot", .bot = "DotBot", .rank = BOT},
	{"rogerbot", .bot = "rogerbot", .rank = BOT}, {"blexbot", .bot = "BLEXBot", .rank = BOT},
	{"dataforseobot", .bot = "DataForSeoBot", .rank = BOT},
	{"serpstatbot", .bot = "serpstatbot", .rank = BOT},
	{"barkrowler", .bot = "Barkrowler", .rank = BOT},
	{"screaming frog", .bot = "Screaming Frog", .rank = BOT},
	{"siteimprove", .bot = "Siteimprove", .rank = BOT},
	{"w3c_validator", .bot = "W3C_Validator", .rank = BOT},
	{"w3c-checklink", .bot = "W3C-checklink", .rank = BOT},
	{"censysinspect", .bot = "CensysInspect", .rank = BOT},
	{"internetmeasurement", .bot = "InternetMeasurement", .rank = BOT},
	{"expanse", .bot = "Expanse", .rank = BOT}, {"zgrab", .bot = "zgrab", .rank = BOT},
	{"masscan", .bot = "masscan", .rank = BOT}, {"nmap scripting", .bot = "Nmap", .rank = BOT},
	{"nikto", .bot = "Nikto", .rank = BOT}, {"sqlmap", .bot = "sqlmap", .rank = BOT},
	{"wpscan", .bot = "WPScan", .rank = BOT}, {"nuclei", .bot = "Nuclei", .rank = BOT},
	{"gobuster", .bot = "gobuster", .rank = BOT},

	/* Previews of links, and readers of feeds. */
	{"facebookexternalhit", .bot = "facebookexternalhit", .rank = BOT},
	{"facebookcatalog", .bot = "facebookcatalog", .rank = BOT},
	{"twitterbot", .bot = "Twitterbot", .rank = BOT},
	{"linkedinbot", .bot = "LinkedInBot", .rank = BOT},
	{"pinterestbot", .bot = "Pinterestbot", .rank = BOT},
	{"redditbot", .bot = "redditbot", .rank = BOT},
	{"slackbot", .bot = "Slackbot", .rank = BOT},
	{"slackbot-linkexpanding", .bot = "Slackbot", .rank = BOT},
	{"slack-imgproxy", .bot = "Slack-ImgProxy", .rank = BOT},
	{"discordbot", .bot = "Discordbot", .rank = BOT},
	{"telegrambot", .bot = "TelegramBot", .rank = BOT},
	{"whatsapp", .bot = "WhatsApp", .rank = BOT, .slash = true},
	{"skypeuripreview", .bot = "SkypeUriPreview", .rank = BOT},
	{"mastodon", .bot = "Mastodon", .rank = BOT}, {"pleroma", .bot = "Pleroma", .rank = BOT},
	{"iframely", .bot = "Iframely", .rank = BOT}, {"embedly", .bot = "Embedly", .rank = BOT},
	{"vkshare", .bot = "vkShare", .rank = BOT}, {"feedly", .bot = "Feedly", .rank = BOT},
	{"feedbin", .bot = "Feedbin", .rank = BOT}, {"newsblur", .bot = "NewsBlur", .rank = BOT},
	{"inoreader", .bot = "Inoreader", .rank = BOT},
	{"inoreader.com", .bot = "Inoreader", .rank = BOT},
	{"netnewswire", .bot = "NetNewsWire", .rank = BOT},
	{"miniflux", .bot = "Miniflux", .rank = BOT}, {"freshrss", .bot = "FreshRSS", .rank = BOT},
	{"tiny tiny", .bot = "Tiny Tiny RSS", .rank = BOT},

	/* Monitors. */
	{"uptimerobot", .bot = "UptimeRobot", .rank = BOT},
	{"pingdom", .bot = "Pingdom", .rank = BOT}, {"pingdomtms", .bot = "Pingdom", .rank = BOT},
	{"statuscake", .bot = "StatusCake", .rank = BOT},
	{"site24x7", .bot = "Site24x7", .rank = BOT},
	{"better uptime", .bot = "Better Uptime", .rank = BOT},
	{"betteruptime", .bot = "Better Uptime", .rank = BOT},
	{"uptime-kuma", .bot = "Uptime-Kuma", .rank = BOT},
	{"newrelicpinger", .bot = "NewRelicPinger", .rank = BOT},
	{"datadog agent", .bot = "Datadog", .rank = BOT},
	{"datadogsynthetics", .bot = "Datadog", .rank = BOT},
	{"check_http", .bot = "check_http", .rank = BOT}, {"zabbix", .bot = "Zabbix", .rank = BOT},
	{"prometheus", .bot = "Prometheus", .rank = BOT},
	{"blackbox-exporter", .bot = "Blackbox-Exporter", .rank = BOT},
	{"blackbox exporter", .bot = "Blackbox-Exporter", .rank = BOT},
	{"kube-probe", .bot = "kube-probe", .rank = BOT},
	{"elb-healthchecker", .bot = "ELB-HealthChecker", .rank = BOT},
	{"amazon-route53-health-check-service", .bot = "Route53-Health-Check", .rank = BOT},
	{"googlehc", .bot = "GoogleHC", .rank = BOT},
	{"googlestackdrivermonitoring-uptimechecks", .bot = "GoogleUptimeChecks", .rank = BOT},
	{"cloudflare-healthchecks", .bot = "Cloudflare-Healthchecks", .rank = BOT},
	{"ptst", .bot = "WebPageTest", .rank = BOT}, {"gtmetrix", .bot = "GTmetrix", .rank = BOT},
	{"amazon cloudfront", .bot = "Amazon CloudFront", .rank = BOT},

	/* Browsers without a person. */
	{"headlesschrome", .bot = "HeadlessChrome", .rank = LIBRARY},
	{"headlessedg", .bot = "HeadlessEdge", .rank = LIBRARY},
	{"phantomjs", .bot = "PhantomJS", .rank = LIBRARY},
	{"cypress", .bot = "Cypress", .rank = LIBRARY, .slash = true},
	{"prerender", .bot = "Prerender", .rank = BOT},

	/* Libraries and tools. */
	{"curl", .bot = "curl", .rank = LIBRARY}, {"libcurl", .bot = "curl", .rank = RUNTIME},
	{"wget", .bot = "Wget", .rank = LIBRARY}, {"wget2", .bot = "Wget", .rank = LIBRARY},
	{"aria2", .bot = "aria2", .rank = LIBRARY}, {"httpie", .bot = "HTTPie", .rank = LIBRARY},
	{"xh", .bot = "xh", .rank = LIBRARY, .slash = true},
	{"postmanruntime", .bot = "Postman", .rank = LIBRARY},
	{"insomnia", .bot = "Insomnia", .rank = LIBRARY, .slash = true},
	{"bruno-runtime", .bot = "Bruno", .rank = LIBRARY},
	{"python", .bot = "Python", .rank = RUNTIME, .slash = true},
	{"python-urllib", .bot = "Python-urllib", .rank = LIBRARY},
	{"python-urllib3", .bot = "urllib3", .rank = LIBRARY},
	{"python-requests", .bot = "python-requests", .rank = LIBRARY},
	{"python-httpx", .bot = "python-httpx", .rank = LIBRARY},
	{"aiohttp", .bot = "aiohttp", .rank = LIBRARY},
	{"scrapy", .bot = "Scrapy", .rank = LIBRARY},
	{"go-http-client", .bot = "Go-http-client", .rank = LIBRARY},
	{"fasthttp", .bot = "fasthttp", .rank = LIBRARY},
	{"colly", .bot = "colly", .rank = LIBRARY},
	{"java", .bot = "Java", .rank = RUNTIME, .slash = true},
	{"java-http-client", .bot = "Java-http-client", .rank = LIBRARY},
	{"apache-httpclient", .bot = "Apache-HttpClient", .rank = LIBRARY},
	{"apache-httpasyncclient", .bot = "Apache-HttpClient", .rank = LIBRARY},
	{"jakarta commons-httpclient", .bot = "Apache-HttpClient", .rank = LIBRARY},
	{"okhttp", .bot = "okhttp", .rank = LIBRARY},
	{"ktor-client", .bot = "Ktor", .rank = LIBRARY},
	{"dalvik", .bot = "Dalvik", .rank = RUNTIME},
	{"cfnetwork", .bot = "CFNetwork", .rank = RUNTIME},
	{"alamofire", .bot = "Alamofire", .rank = LIBRARY},
	{"libwww-perl", .bot = "libwww-perl", .rank = LIBRARY},
	{"lwp", .bot = "libwww-perl", .rank = LIBRARY}, {"ruby", .bot = "Ruby", .rank = RUNTIME},
	{"faraday", .bot = "Faraday", .rank = LIBRARY},
	{"rest-client", .bot = "rest-client", .rank = LIBRARY},
	{"php", .bot = "PHP", .rank = RUNTIME, .slash = true},
	{"guzzlehttp", .bot = "GuzzleHttp", .rank = LIBRARY},
	{"wordpress", .bot = "WordPress", .rank = LIBRARY},
	{"drupal", .bot = "Drupal", .rank = LIBRARY},
	{"symfony", .bot = "Symfony", .rank = LIBRARY}, {"node", .bot = "Node.js", .rank = RUNTIME},
	{"node-fetch", .bot = "node-fetch", .rank = LIBRARY},
	{"undici", .bot = "undici", .rank = LIBRARY}, {"axios", .bot = "axios", .rank = LIBRARY},
	{"got", .bot = "got", .rank = LIBRARY},
	{"deno", .bot = "Deno", .rank = LIBRARY, .slash = true},
	{"bun", .bot = "Bun", .rank = LIBRARY, .slash = true},
	{"reqwest", .bot = "reqwest", .rank = LIBRARY},
	{"hyper", .bot = "hyper", .rank = LIBRARY, .slash = true},
	{"ureq", .bot = "ureq", .rank = LIBRARY},
	{"restsharp", .bot = "RestSharp", .rank = LIBRARY},
	{"powershell", .bot = "PowerShell", .rank = LIBRARY},
	{"windowspowershell", .bot = "PowerShell", .rank = LIBRARY},
	{"winhttp", .bot = "WinHTTP", .rank = RUNTIME},
	{"winhttprequest", .bot = "WinHTTP", .rank = RUNTIME},
	{"microsoft-webdav-miniredir", .bot = "WebDAV-MiniRedir", .rank = LIBRARY},
	{"davclnt", .bot = "WebDAV-MiniRedir", .rank = LIBRARY},
	{"git", .bot = "git", .rank = LIBRARY, .slash = true},
	{"git-lfs", .bot = "git-lfs", .rank = LIBRARY},
	{"docker", .bot = "Docker", .rank = LIBRARY, .slash = true},
	{"containerd", .bot = "containerd", .rank = LIBRARY},
	{"kubectl", .bot = "kubectl", .rank = LIBRARY},
	{"terraform", .bot = "Terraform", .rank = LIBRARY},
	{"ansible-httpget", .bot = "Ansible", .rank = LIBRARY},
	{"aws-cli", .bot = "aws-cli", .rank = LIBRARY},
	{"aws-sdk-java", .bot = "aws-sdk", .rank = LIBRARY},
	{"boto3", .bot = "boto3", .rank = LIBRARY},
	{"debian apt-http", .bot = "APT", .rank = LIBRARY},
	{"apt-http", .bot = "APT", .rank = LIBRARY},
	{"pip", .bot = "pip", .rank = LIBRARY, .slash = true},
	{"npm", .bot = "npm", .rank = LIBRARY, .slash = true},
	{"composer", .bot = "Composer", .rank = LIBRARY, .slash = true},
	{"apachebench", .bot = "ApacheBench", .rank = LIBRARY},
	{"k6", .bot = "k6", .rank = LIBRARY, .slash = true},
	{"grafana k6", .bot = "k6", .rank = LIBRARY}, {"vlc", .bot = "VLC", .rank = LIBRARY},
	{"libvlc", .bot = "VLC", .rank = RUNTIME}, {"lavf", .bot = "FFmpeg", .rank = LIBRARY},
	{"exoplayer", .bot = "ExoPlayer", .rank = LIBRARY},
	{"itunes", .bot = "iTunes", .rank = LIBRARY, .slash = true},
	{"podcasts", .bot = "Podcasts", .rank = LIBRARY, .slash = true},
	{"applecoremedia", .bot = "AppleCoreMedia", .rank = LIBRARY},
	{"stagefright", .bot = "stagefright", .rank = LIBRARY},

	{.text = "cubot"}, /* a maker of phones */
};

enum { WORDS = sizeof words / sizeof *words, SLOTS = 2048 };

/* A hash table of the words' numbers, plus 1; 0 is a free slot. */
struct agents {
	unsigned short slots[SLOTS];
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Compute the hash of a text in lower case (Fowler, Noll and Vo: FNV-1a). */
static unsigned hash(struct span text)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)lower(text.at[i])) * 16777619u;
	return (h ^ h >> 16) % SLOTS;
}

struct agents *agents_new(void)
{
	struct agents *a = calloc(1, sizeof *a);

	for (size_t i = 0; a && i < WORDS; i++) {
		unsigned slot = hash(span_text(words[i].text));
		while (a->slots[slot])
			slot = (slot + 1) % SLOTS;
		a->slots[slot] = (unsigned short)(i + 1);
	}
	return a;
}

void agents_free(struct agents *a)
{
	free(a);
}

/* True if the text, in lower case, is the word. */
static bool is_word(struct span text, const char *word)
{
	size_t i = 0;

	while (i < text.len && word[i] && lower(text.at[i]) == word[i])
		i++;
	return i == text.len && !word[i];
}

static const struct word *find_word(const struct agents *a, struct span text)
{
	for (unsigned slot = hash(text); a->slots[slot]; slot = (slot + 1) % SLOTS)
		if (is_word(text, words[a->slots[slot] - 1].text))
			return &words[a->slots[slot] - 1];
	return NULL;
}

/* --- Reading a header -------------------------------------------------------------------- */

/* What is known after some words of a header. */
struct reading {
	const struct word *browser, *os;
	enum device device;
	struct span bot;
	int bot_rank;     /* -1 if there is no bot */
	struct span name; /* the first word that may be the name of a program */
};

static void found_bot(struct reading *r, struct span name, int rank)
{
	if (rank <= r->bot_rank)
		return;
	r->bot = name;
	r->bot_rank = rank;
}

static void found(struct reading *r, const struct word *w)
{
	if (w->browser && (!r->browser || w->rank > r->browser->rank))
		r->browser = w;
	if (w->os && (!r->os || w->rank > r->os->rank))
		r->os = w;
	if (w->bot)
		found_bot(r, span_text(w->bot), w->rank);
	if (w->device > r->device)
		r->device = w->device;
}

static bool is_word_byte(char c)
{
	return ascii_is_letter(c) || decimal_is_digit(c) || (c && span_is_one_of(c, "-_."));
}

/* Return the end of the word at `p`, without dots and the like at its end. */
static const char *word_end(const char *p, const char *end)
{
	const char *to = p;

	for (; p < end && is_word_byte(*p); p++)
		if (ascii_is_letter(*p) || decimal_is_digit(*p))
			to = p + 1;
	return to;
}

/* Return the second of two words with a blank between them; an empty span if there is none. */
static struct span second_word(const char *p, const char *end)
{
	bool is_there = end - p > 1 && *p == ' ' && ascii_is_letter(p[1]);

	return is_there ? span_between(p + 1, word_end(p + 1, end)) : span_of(p, 0);
}

/* True if a part of a word ends like the name of a bot: "ExampleBot-Image". */
static bool is_like_a_bot(struct span word)
{
	static const char *const endings[] = {
		"bot", "bots", "crawler", "spider", "crawl", "scraper"};
	const char *end = span_end(word);

	for (const char *p = word.at; p < end; p++) {
		if (p + 1 < end && (ascii_is_letter(p[1]) || decimal_is_digit(p[1])))
			continue;
		for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
			size_t len = strlen(endings[i]), before = (size_t)(p + 1 - word.at);
			if (len <= before && is_word(span_of(p + 1 - len, len), endings[i]))
				return true;
		}
	}
	return false;
}

/* Find the row of a word, or of the start of it: of "iphone" in "iPhone14", of "sogou" in
 * "Sogou-Test".  *used becomes the part of the word that was found. */
static const struct word *find_start(const struct agents *a, struct span word, struct span *used)
{
	const struct word *w = find_word(a, word);
	size_t n = 0;

	*used = word;
	while (!w && n < word.len && (ascii_is_letter(word.at[n]) || decimal_is_digit(word.at[n])))
		n++;
	if (!w && n < word.len)
		w = find_word(a, *used = span_of(word.at, n));
	for (n = 0; !w && n < word.len && ascii_is_letter(word.at[n]);)
		n++;
	if (!w && n && n < word.len)
		w = find_word(a, *used = span_of(word.at, n));
	return w;
}

static bool fits(const struct word *w, struct span text, const char *end)
{
	return w && (!w->slash || (span_end(text) < end && *span_end(text) == '/'));
}

/* Read the word at `p`, and perhaps the next one.  Returns the end of what was read. */
static const char *read_word(
	const struct agents *a, struct reading *r, const char *p, const char *end)
{
	struct span word = span_between(p, word_end(p, end)), used;
	struct span second = second_word(span_end(word), end), two = word;

	if (second.len)
		two = span_between(p, span_end(second));
	if (is_word(word, "like")) /* "like Gecko" */
		return span_end(two);
	const struct word *w = second.len ? find_word(a, two) : NULL;
	if (fits(w, two, end)) {
		found(r, w);
		return span_end(two);
	}
	w = find_start(a, word, &used);
	if (fits(w, used, end))
		found(r, w);
	else if (is_like_a_bot(word))
		found_bot(r, word, LIKE_A_BOT);
	if (is_word(word, "compatible"))
		r->name = span_of(NULL, 0);
	else if (!r->name.at && ascii_is_letter(*p) && !is_word(word, "mozilla"))
		r->name = word;
	return span_end(word);
}

/* Return the end of a web address or a mail address at `p`; `p` if there is none. */
static const char *skip_address(const char *p, const char *end)
{
	struct span rest = span_between(p, end), word = span_between(p, word_end(p, end));
	bool is_address = span_begins_with(rest, "http://") || span_begins_with(rest, "https://") ||
			  span_begins_with(rest, "www.") ||
			  (span_end(word) < end && *span_end(word) == '@');

	while (is_address && p < end && *p && !span_is_one_of(*p, " ;),\"'"))
		p++;
	return p;
}

static struct reading read_header(const struct agents *a, struct span header)
{
	struct reading r = {.bot_rank = -1};
	const char *start = header.at, *end = span_end(header);

	for (const char *p = start, *to; p < end; p = to) {
		to = p + 1;
		if (!ascii_is_letter(*p) && !decimal_is_digit(*p))
			continue;
		to = skip_address(p, end);
		if (to == p)
			to = read_word(a, &r, p, end);
		else if (p > start && p[-1] == '+' && r.name.at)
			found_bot(&r, r.name, WITH_URL); /* only bots write "+http://" */
	}
	return r;
}

/* The browser of a header.  Engines made from Safari's write its name. */
static const char *browser_of(const struct reading *r)
{
	const char *browser = r->browser ? r->browser->browser : "-", *os = r->os ? r->os->os : "";
	bool has_safari = !strcmp(os, "iOS") || !strcmp(os, "macOS") || !strcmp(os, "Windows");

	if (strcmp(browser, "Safari") != 0 || has_safari)
		return browser;
	return strcmp(os, "Android") == 0 ? "Android Browser" : "WebKit";
}

struct agent agents_find(const struct agents *a, struct span header)
{
	const struct span none = {"-", 1};
	struct reading r = read_header(a, header);

	if (r.bot_rank >= 0)
		return (struct agent){
			.browser = none, .os = none, .bot = r.bot, .device = span_text("bot")};
	return (struct agent){.browser = span_text(browser_of(&r)),
		.os = r.os ? span_text(r.os->os) : none,
		.bot = none,
		.device = span_text(devices[r.device])};
}
