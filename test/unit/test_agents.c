/* test_agents.c -- browser, system, bot and device of User-Agent headers.
 *
 * The headers are typical of their senders; versions are those of some day.
 */
#include "unit.h"

#include <stdlib.h>

#include "query/agents.h"

#define MOZ  "Mozilla/5.0 "
#define WIN  MOZ "(Windows NT 10.0; Win64; x64) "
#define MAC  MOZ "(Macintosh; Intel Mac OS X 10_15_7) "
#define LIN  MOZ "(X11; Linux x86_64) "
#define KIT  "AppleWebKit/537.36 (KHTML, like Gecko) "
#define KIT6 "AppleWebKit/605.1.15 (KHTML, like Gecko) "
#define CHR  KIT "Chrome/120.0.0.0 "
#define SAF  "Safari/537.36"
#define AND  MOZ "(Linux; Android 10; K) "
#define IPH  MOZ "(iPhone; CPU iPhone OS 17_1 like Mac OS X) "
#define IPAD MOZ "(iPad; CPU OS 17_1 like Mac OS X) "
#define MOB  "Mobile/15E148"

/* A bot has neither browser nor system. */
#define BOT(header, name)                                                                          \
	{                                                                                          \
		header, "-", "-", name, "bot"                                                      \
	}

static const struct {
	const char *header, *browser, *os, *bot, *device;
} agents[] = {
	/* Browsers on desktops. */
	{WIN CHR SAF, "Chrome", "Windows", "-", "desktop"},
	{MAC CHR SAF, "Chrome", "macOS", "-", "desktop"},
	{LIN CHR SAF, "Chrome", "Linux", "-", "desktop"},
	{MOZ "(X11; CrOS x86_64 14541.0.0) " CHR SAF, "Chrome", "ChromeOS", "-", "desktop"},
	{MOZ "(X11; Ubuntu; Linux x86_64) " KIT
	     "Ubuntu Chromium/80.0.3987.87 Chrome/80.0.3987.87 " SAF,
		"Chromium", "Linux", "-", "desktop"},
	{MOZ "(Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox",
		"Windows", "-", "desktop"},
	{MOZ "(Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox",
		"macOS", "-", "desktop"},
	{MOZ "(X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox",
		"Linux", "-", "desktop"},
	{MOZ "(X11; FreeBSD amd64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox", "FreeBSD",
		"-", "desktop"},
	{MOZ "(X11; OpenBSD amd64; rv:115.0) Gecko/20100101 Firefox/115.0", "Firefox", "OpenBSD",
		"-", "desktop"},
	{MOZ "(X11; SunOS sun4u; rv:52.0) Gecko/20100101 Firefox/52.0", "Firefox", "SunOS", "-",
		"desktop"},
	{MOZ "(Wayland; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "Firefox", "Linux",
		"-", "desktop"},
	{MAC KIT6 "Version/17.1 Safari/605.1.15", "Safari", "macOS", "-", "desktop"},
	{MOZ "(Windows; U; Windows NT 6.1; en-US) AppleWebKit/533.19.4 (KHTML, like Gecko) "
	     "Version/5.0.3 Safari/533.19.4",
		"Safari", "Windows", "-", "desktop"},
	{WIN CHR SAF " Edg/120.0.2210.91", "Edge", "Windows", "-", "desktop"},
	{MAC CHR SAF " Edg/120.0.0.0", "Edge", "macOS", "-", "desktop"},
	{LIN CHR SAF " Edg/120.0.0.0", "Edge", "Linux", "-", "desktop"},
	{WIN KIT "Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Edge", "Windows", "-",
		"desktop"},
	{WIN CHR SAF " OPR/106.0.0.0", "Opera", "Windows", "-", "desktop"},
	{MAC CHR SAF " OPR/106.0.0.0", "Opera", "macOS", "-", "desktop"},
	{WIN CHR SAF " OPR/105.0.0.0 (Edition GX-CN)", "Opera", "Windows", "-", "desktop"},
	{"Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.289 Version/12.02", "Opera", "Windows",
		"-", "desktop"},
	{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; en) Opera 8.50", "Opera", "Windows",
		"-", "desktop"},
	{WIN CHR SAF " Vivaldi/6.5.3206.39", "Vivaldi", "Windows", "-", "desktop"},
	{MAC KIT "Chrome/70.0.3538.77 Safari/537.36 Brave/0.57", "Brave", "macOS", "-", "desktop"},
	{WIN KIT "Chrome/118.0.5993.771 YaBrowser/23.11.0.2470 Yowser/2.5 " SAF, "Yandex Browser",
		"Windows", "-", "desktop"},
	{WIN CHR "Whale/3.24.223.18 " SAF, "Whale", "Windows", "-", "desktop"},
	{WIN KIT "coc_coc_browser/121.0.146 Chrome/115.0.0.0 " SAF, "Coc Coc", "Windows", "-",
		"desktop"},
	{WIN KIT "Chrome/94.0.4606.71 " SAF " Core/1.94.202.400 QQBrowser/11.9.5355.400",
		"QQ Browser", "Windows", "-", "desktop"},
	{MOZ "(Windows NT 6.1; WOW64) " KIT "Chrome/49.0.2623.22 " SAF " SE 2.X MetaSr 1.0",
		"Sogou Browser", "Windows", "-", "desktop"},
	{MOZ "(Windows NT 6.1; WOW64) " KIT "Chrome/55.0.2883.87 UBrowser/7.0.185.1002 " SAF,
		"UC Browser", "Windows", "-", "desktop"},
	{WIN CHR SAF " Avast/120.0.0.0", "Avast Secure Browser", "Windows", "-", "desktop"},
	{MAC KIT6 "Version/17.1 Safari/605.1.15 Ddg/17.1", "DuckDuckGo", "macOS", "-", "desktop"},
	{WIN CHR SAF " Ddg/120.0.0.0", "DuckDuckGo", "Windows", "-", "desktop"},
	{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "Internet Explorer", "Windows",
		"-", "desktop"},
	{"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; Tablet PC 2.0)",
		"Internet Explorer", "Windows", "-", "desktop"},
	{MOZ "(Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer",
		"Windows", "-", "desktop"},
	{MOZ "(compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0; Touch)", "Internet Explorer",
		"Windows", "-", "desktop"},
	{"Mozilla/4.0 (compatible; MSIE 5.23; Mac_PowerPC)", "Internet Explorer", "macOS", "-",
		"desktop"},
	{MOZ "(X11; Linux x86_64; rv:52.9) Gecko/20100101 Goanna/3.4 Firefox/52.9 "
	     "PaleMoon/27.6.2",
		"Pale Moon", "Linux", "-", "desktop"},
	{MOZ "(Windows NT 10.0; rv:60.0) Gecko/20100101 Firefox/60.0 SeaMonkey/2.53.17",
		"SeaMonkey", "Windows", "-", "desktop"},
	{MOZ "(X11; Linux x86_64; rv:56.0) Gecko/20100101 Firefox/56.0 Waterfox/56.2", "Waterfox",
		"Linux", "-", "desktop"},
	{MOZ "(X11; U; Linux i686; en-US; rv:1.9.0.1) Gecko/2008071615 Iceweasel/3.0.1",
		"Iceweasel", "Linux", "-", "desktop"},
	{MOZ "(X11; U; Linux i686; en-US; rv:1.8.1.13) Gecko/20080313", "Mozilla", "Linux", "-",
		"desktop"},
	{MOZ "(Macintosh; U; PPC Mac OS X; en) AppleWebKit/125.2 (KHTML, like Gecko) "
	     "Safari/125.8",
		"Safari", "macOS", "-", "desktop"},
	{MOZ "(compatible; Konqueror/3.5; Linux) KHTML/3.5.5 (like Gecko)", "Konqueror", "Linux",
		"-", "desktop"},
	{LIN KIT6 "Version/16.0 Safari/605.1.15 Epiphany/605.1.15", "Epiphany", "Linux", "-",
		"desktop"},
	{LIN KIT6 "Version/16.0 Safari/605.1.15", "WebKit", "Linux", "-", "desktop"},
	{LIN KIT "QtWebEngine/5.15.2 Falkon/3.1.0 Chrome/83.0.4103.122 " SAF, "Falkon", "Linux",
		"-", "desktop"},
	{LIN KIT "qutebrowser/2.5.4 QtWebEngine/5.15.13 Chrome/87.0.4280.144 " SAF, "qutebrowser",
		"Linux", "-", "desktop"},
	{"Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.6.4", "Lynx", "-", "-", "desktop"},
	{"w3m/0.5.3+git20190105", "w3m", "-", "-", "desktop"},
	{"Links (2.20.2; Linux 5.4.0 x86_64; GNU C 9.2.1; text)", "Links", "Linux", "-", "desktop"},
	{"ELinks/0.13.1 (textmode; Linux; 80x24-2)", "ELinks", "Linux", "-", "desktop"},
	{"Dillo/3.0.5", "Dillo", "-", "-", "desktop"},
	{"NetSurf/3.10 (RISC OS)", "NetSurf", "-", "-", "-"},

	/* Browsers on phones. */
	{AND CHR "Mobile " SAF, "Chrome", "Android", "-", "mobile"},
	{MOZ "(Linux; Android 13; SM-S918B) " CHR "Mobile " SAF, "Chrome", "Android", "-",
		"mobile"},
	{IPH KIT6 "Version/17.1 " MOB " Safari/604.1", "Safari", "iOS", "-", "mobile"},
	{MOZ "(iPod touch; CPU iPhone OS 12_5 like Mac OS X) " KIT6 "Version/12.1 " MOB
	     " Safari/604.1",
		"Safari", "iOS", "-", "mobile"},
	{IPH KIT6 "CriOS/120.0.6099.50 " MOB " Safari/604.1", "Chrome", "iOS", "-", "mobile"},
	{IPH KIT6 "FxiOS/121.0 " MOB " Safari/605.1.15", "Firefox", "iOS", "-", "mobile"},
	{IPH KIT6 "Version/17.0 EdgiOS/120.0.2210.116 " MOB " Safari/605.1.15", "Edge", "iOS", "-",
		"mobile"},
	{IPH KIT6 "Version/17.1 " MOB " Safari/604.1 OPT/4.3.1", "Opera", "iOS", "-", "mobile"},
	{IPH KIT6 "OPiOS/16.0.15.124050 " MOB " Safari/9537.53", "Opera Mini", "iOS", "-",
		"mobile"},
	{IPH KIT6 "Version/17.1 " MOB " DuckDuckGo/7 Safari/605.1.15", "DuckDuckGo", "iOS", "-",
		"mobile"},
	{IPH KIT6 "Version/16.6 YaBrowser/23.7.0.1234.10 " MOB " Safari/604.1", "Yandex Browser",
		"iOS", "-", "mobile"},
	{IPH KIT6 "FxiOS/7.0.4 Focus/7.0.4 " MOB " Safari/605.1.15", "Firefox Focus", "iOS", "-",
		"mobile"},
	{MOZ "(Android 14; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0", "Firefox", "Android", "-",
		"mobile"},
	{MOZ "(Linux; Android 13; SAMSUNG SM-A546B) " KIT
	     "SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile " SAF,
		"Samsung Internet", "Android", "-", "mobile"},
	{AND CHR "Mobile " SAF " EdgA/120.0.0.0", "Edge", "Android", "-", "mobile"},
	{AND CHR "Mobile " SAF " OPR/79.0.0.0", "Opera", "Android", "-", "mobile"},
	{"Opera/9.80 (Android; Opera Mini/36.2.2254/191.303; U; en) Presto/2.12.423 Version/12.16",
		"Opera Mini", "Android", "-", "mobile"},
	{"Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.303; U; en) Presto/2.12 Version/12.16",
		"Opera Mini", "-", "-", "mobile"},
	{"Opera/9.80 (Android 2.3.4; Linux; Opera Mobi/build-1107180945; U; en-GB) Presto/2.8.149 "
	 "Version/11.10",
		"Opera", "Android", "-", "mobile"},
	{AND CHR "Mobile " SAF " Vivaldi/6.5.3217.115", "Vivaldi", "Android", "-", "mobile"},
	{MOZ "(Linux; U; Android 12; en-US; M2101K6G) " KIT
	     "Version/4.0 Chrome/100.0.4896.58 UCBrowser/15.5.2.1264 Mobile " SAF,
		"UC Browser", "Android", "-", "mobile"},
	{"UCWEB/2.0 (MIDP-2.0; U; Adr 4.4.2; en-US; GT-I9300) U2/1.0.0 UCBrowser/10.0.2 U2/1.0.0 "
	 "Mobile",
		"UC Browser", "-", "-", "mobile"},
	{MOZ "(Linux; U; Android 12; zh-cn; M2012K11AC) " KIT
	     "Version/4.0 Chrome/89.0.4389.116 Mobile " SAF " XiaoMi/MiuiBrowser/16.4.24",
		"Mi Browser", "Android", "-", "mobile"},
	{MOZ "(Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.9.0.302) " KIT
	     "Chrome/99.0.4844.88 HuaweiBrowser/13.0.1.303 Mobile " SAF,
		"Huawei Browser", "HarmonyOS", "-", "mobile"},
	{MOZ "(Linux; U; Android 11; zh-cn; PEGM00) " KIT
	     "Version/4.0 Chrome/90.0.4430.61 Mobile " SAF " HeyTapBrowser/40.8.2.1",
		"HeyTap Browser", "Android", "-", "mobile"},
	{MOZ "(Linux; Android 12; V2148A) " KIT "Chrome/87.0.4280.141 Mobile " SAF
	     " VivoBrowser/15.6.3.0",
		"Vivo Browser", "Android", "-", "mobile"},
	{MOZ "(Linux; U; Android 2.3.5; en-us; HTC Vision Build/GRI40) AppleWebKit/533.1 "
	     "(KHTML, like Gecko) Version/4.0 Mobile Safari/533.1",
		"Android Browser", "Android", "-", "mobile"},
	{MOZ "(Linux; Android 13; CUBOT NOTE 30) " CHR "Mobile " SAF, "Chrome", "Android", "-",
		"mobile"},
	{MOZ "(Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) " KIT
	     "Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
		"Edge", "Windows Phone", "-", "mobile"},
	{MOZ "(Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; Touch; rv:11.0; "
	     "IEMobile/11.0; NOKIA; Lumia 520) like iPhone OS 7_0_3 Mac OS X " KIT "Mobile " SAF,
		"Internet Explorer", "Windows Phone", "-", "mobile"},
	{MOZ "(BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile "
	     "Safari/537.10+",
		"WebKit", "BlackBerry", "-", "mobile"},
	{"BlackBerry8520/5.0.0.681 Profile/MIDP-2.1 Configuration/CLDC-1.1", "-", "BlackBerry", "-",
		"mobile"},
	{MOZ "(Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Firefox",
		"KaiOS", "-", "mobile"},
	{MOZ "(SymbianOS/9.4; Series60/5.0 NokiaN97-1/12.0.024) AppleWebKit/525 "
	     "(KHTML, like Gecko) BrowserNG/7.1.12344",
		"Nokia Browser", "Symbian", "-", "mobile"},
	{MOZ "(Linux; Android 7.0; moto g(5)) " KIT "Focus/8.0 Chrome/69.0 Mobile " SAF,
		"Firefox Focus", "Android", "-", "mobile"},
	{MOZ "(Linux; U; Tizen 2.3; SAMSUNG SM-Z130H) " KIT "SamsungBrowser/1.0 Mobile " SAF,
		"Samsung Internet", "Tizen", "-", "mobile"},

	/* Tablets. */
	{IPAD KIT6 "Version/17.1 " MOB " Safari/604.1", "Safari", "iOS", "-", "tablet"},
	{IPAD KIT6 "CriOS/120.0.6099.50 " MOB " Safari/604.1", "Chrome", "iOS", "-", "tablet"},
	{MOZ "(Linux; Android 12; SM-T870) " CHR SAF, "Chrome", "Android", "-", "tablet"},
	{MOZ "(Android 13; Tablet; rv:121.0) Gecko/121.0 Firefox/121.0", "Firefox", "Android", "-",
		"tablet"},
	{MOZ "(Linux; Android 12; SAMSUNG SM-X906C) " KIT
	     "SamsungBrowser/23.0 Chrome/115.0.0.0 " SAF,
		"Samsung Internet", "Android", "-", "tablet"},
	{MOZ "(Linux; Android 9; KFMAWI) " KIT "Silk/108.4.6 like Chrome/108.0.5359.220 " SAF,
		"Silk", "Android", "-", "tablet"},
	{MOZ "(X11; U; Linux armv7l like Android; en-us) AppleWebKit/531.2+ (KHTML, like Gecko) "
	     "Version/5.0 Safari/533.2+ Kindle/3.0+",
		"WebKit", "Linux", "-", "tablet"},
	{MOZ "(PlayBook; U; RIM Tablet OS 2.1.0; en-US) AppleWebKit/536.2+ (KHTML, like Gecko) "
	     "Version/7.2.1.0 Safari/536.2+",
		"WebKit", "BlackBerry", "-", "tablet"},

	/* TVs, consoles, and others. */
	{MOZ "(SMART-TV; LINUX; Tizen 6.0) " KIT "76.0.3809.146/6.0 TV " SAF, "WebKit", "Tizen",
		"-", "tv"},
	{MOZ "(SMART-TV; Linux; Tizen 5.0) " KIT "SamsungBrowser/2.2 Chrome/63.0.3239.84 TV " SAF,
		"Samsung Internet", "Tizen", "-", "tv"},
	{MOZ "(Web0S; Linux/SmartTV) " KIT "Chrome/79.0.3945.79 " SAF " WebAppManager", "Chrome",
		"webOS", "-", "tv"},
	{MOZ "(Linux; NetCast; U) AppleWebKit/537.31 (KHTML, like Gecko) Chrome/38.0.2125.122 "
	     "Safari/537.31 SmartTV/7.0",
		"Chrome", "NetCast", "-", "tv"},
	{MOZ "(Linux; Android 9; BRAVIA 4K UR2 Build/PTT1.190515.001.S104) " CHR SAF, "Chrome",
		"Android", "-", "tv"},
	{MOZ "(Linux; Android 7.1.2; AFTMM Build/NS6265; wv) " KIT
	     "Version/4.0 Chrome/70.0.3538.110 Mobile " SAF,
		"Android WebView", "Android", "-", "tv"},
	{MOZ "(X11; Linux armv7l) " KIT "Chrome/90.0.4430.225 " SAF " CrKey/1.56.500000 "
	     "DeviceType/Chromecast",
		"Chrome", "Linux", "-", "tv"},
	{MOZ "(Linux; Android 11; SHIELD Android TV) " CHR SAF, "Chrome", "Android", "-", "tv"},
	{"Roku/DVP-12.5 (12.5.0.4178-88)", "-", "Roku", "-", "tv"},
	{"AppleTV11,1/11.1", "-", "tvOS", "-", "tv"},
	{MOZ "(Linux; U; VIDAA/6.0) " CHR SAF, "Chrome", "VIDAA", "-", "tv"},
	{"HbbTV/1.2.1 (;Panasonic;VIERA 2014;3.101;7101-0003 0010-0000;)", "-", "-", "-", "tv"},
	{MOZ "(PlayStation; PlayStation 5/6.00) " KIT6 "Version/13.0 Safari/605.1.15", "WebKit",
		"PlayStation", "-", "console"},
	{MOZ "(PlayStation 4 11.00) " KIT6, "WebKit", "PlayStation", "-", "console"},
	{MOZ "(PLAYSTATION 3; 3.55)", "-", "PlayStation", "-", "console"},
	{MOZ "(Windows NT 10.0; Win64; x64; Xbox; Xbox One) " KIT
	     "Chrome/46.0.2486.0 Safari/537.36 Edge/13.10553",
		"Edge", "Xbox", "-", "console"},
	{MOZ "(Nintendo Switch; WifiWebAuthApplet) AppleWebKit/606.4 (KHTML, like Gecko) "
	     "NF/6.0.1.16.10 NintendoBrowser/5.1.0.20923",
		"Nintendo Browser", "Nintendo", "-", "console"},
	{MOZ "(Nintendo 3DS; U; ; en) Version/1.7412.EU", "-", "Nintendo", "-", "console"},
	{MOZ "(X11; Linux x86_64; Quest 3) " KIT "OculusBrowser/30.1.0.6 Chrome/118.0.0.0 VR " SAF,
		"Meta Quest Browser", "Linux", "-", "headset"},
	{MOZ "(X11; GNU/Linux) " KIT "Chromium/79.0.3945.130 Chrome/79.0.3945.130 " SAF
	     " Tesla/2020.16.2.1",
		"Tesla", "Linux", "-", "car"},
	{MOZ "(Apple Watch; CPU Watch OS 10_0 like Mac OS X) " KIT6 MOB, "WebKit", "watchOS", "-",
		"watch"},

	/* Apps that show pages. */
	{IPH KIT6 MOB " [FBAN/FBIOS;FBAV/443.0.0.23.229;FBBV/543;FBDV/iPhone14,3;FBMD/iPhone]",
		"Facebook", "iOS", "-", "mobile"},
	{MOZ "(Linux; Android 13; SM-G991B Build/TP1A; wv) " KIT
	     "Version/4.0 Chrome/120.0.6099.43 Mobile " SAF " [FB_IAB/FB4A;FBAV/443.0.0.23;]",
		"Facebook", "Android", "-", "mobile"},
	{IPH KIT6 MOB " Instagram 312.0.0.27.111 (iPhone14,3; iOS 17_1; en_US; scale=3.00)",
		"Instagram", "iOS", "-", "mobile"},
	{MOZ "(Linux; Android 13; SM-G991B; wv) " KIT "Version/4.0 Chrome/120.0 Mobile " SAF
	     " Instagram 312.0.0.34.111 Android",
		"Instagram", "Android", "-", "mobile"},
	{IPH KIT6 MOB " musical_ly_32.5.0 JsSdk/2.0 NetType/WIFI BytedanceWebview/d8a21c6",
		"TikTok", "iOS", "-", "mobile"},
	{MOZ "(Linux; Android 12; M2007J20CG; wv) " KIT "Version/4.0 Chrome/110.0 Mobile " SAF
	     " trill_320403 BytedanceWebview/d8a21c6",
		"TikTok", "Android", "-", "mobile"},
	{IPH KIT6 MOB " MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN", "WeChat",
		"iOS", "-", "mobile"},
	{MOZ "(Linux; Android 13; 22081212C; wv) " KIT
	     "Version/4.0 Chrome/111.0 XWEB/1110005 MMWEBSDK/20230805 Mobile " SAF
	     " MicroMessenger/8.0.42.2460(0x28002A35)",
		"WeChat", "Android", "-", "mobile"},
	{IPH KIT6 "Version/17.1 " MOB " Safari/604.1 Line/13.20.0", "Line", "iOS", "-", "mobile"},
	{IPH KIT6 MOB " KAKAOTALK 10.4.8", "KakaoTalk", "iOS", "-", "mobile"},
	{IPH KIT6 MOB " NAVER(inapp; search; 1000; 12.2.2; 13PRO)", "Naver", "iOS", "-", "mobile"},
	{IPH KIT6 "GSA/293.0.588 " MOB " Safari/604.1", "Google app", "iOS", "-", "mobile"},
	{IPH KIT6 MOB " Twitter for iPhone/10.18", "Twitter", "iOS", "-", "mobile"},
	{IPH KIT6 MOB " [LinkedInApp]/9.29.4153", "LinkedIn", "iOS", "-", "mobile"},
	{IPH KIT6 MOB " [Pinterest/iOS]", "Pinterest", "iOS", "-", "mobile"},
	{IPH KIT6 "Version/17.1 " MOB " Safari/604.1 Snapchat/12.60 (like Safari/8616.2, panda)",
		"Snapchat", "iOS", "-", "mobile"},
	{IPH KIT6 MOB, "WebKit", "iOS", "-", "mobile"},
	{MOZ "(Linux; Android 13; Pixel 7 Build/TQ3A; wv) " KIT
	     "Version/4.0 Chrome/120.0.6099.43 Mobile " SAF,
		"Android WebView", "Android", "-", "mobile"},
	{WIN KIT "Slack/4.35.131 Chrome/118.0.5993.144 Electron/27.1.3 " SAF, "Slack", "Windows",
		"-", "desktop"},
	{WIN KIT "discord/1.0.9028 Chrome/108.0.5359.215 Electron/22.3.26 " SAF, "Discord",
		"Windows", "-", "desktop"},
	{WIN KIT "obsidian/1.4.16 Chrome/114.0.5735.289 Electron/25.8.1 " SAF, "Electron",
		"Windows", "-", "desktop"},
	{MOZ "(Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Thunderbird/115.5.0",
		"Thunderbird", "Windows", "-", "desktop"},
	{"Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.16924; Pro)", "Outlook",
		"Windows", "-", "desktop"},

	/* Search engines. */
	BOT(MOZ "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
	BOT(MOZ "(Linux; Android 6.0.1; Nexus 5X Build/MMB29P) " CHR "Mobile " SAF
		" (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Googlebot"),
	BOT("Googlebot-Image/1.0", "Googlebot-Image"),
	BOT("Googlebot/2.1 (+http://www.google.com/bot.html)", "Googlebot"),
	BOT("AdsBot-Google (+http://www.google.com/adsbot.html)", "AdsBot-Google"),
	BOT("Mediapartners-Google", "Mediapartners-Google"),
	BOT("APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)",
		"APIs-Google"),
	BOT("FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)", "FeedFetcher-Google"),
	BOT(MOZ "(compatible; Google-InspectionTool/1.0;)", "Google-InspectionTool"),
	BOT("GoogleOther", "GoogleOther"),
	BOT(MOZ "(Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
		"GoogleImageProxy"),
	BOT(LIN CHR SAF " Chrome-Lighthouse", "Lighthouse"),
	BOT(MOZ KIT "(compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) " CHR SAF,
		"Bingbot"),
	BOT("msnbot/2.0b (+http://search.msn.com/msnbot.htm)", "msnbot"),
	BOT(MOZ "(compatible; YandexBot/3.0; +http://yandex.com/bots)", "YandexBot"),
	BOT(MOZ "(compatible; YandexImages/3.0; +http://yandex.com/bots)", "YandexImages"),
	BOT(MOZ "(compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
		"Baiduspider"),
	BOT(MOZ "(compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
		"Yahoo Slurp"),
	BOT("DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot"),
	BOT(MAC KIT6 "Version/13.1.1 Safari/605.1.15 (Applebot/0.1; "
		     "+http://www.apple.com/go/applebot)",
		"Applebot"),
	BOT("Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
		"Sogou spider"),
	BOT(MOZ "(Windows NT 6.1; WOW64) " KIT "Chrome/50.0.2661.102 " SAF "; 360Spider",
		"360Spider"),
	BOT(MOZ "(compatible; Yeti/1.1; +https://naver.me/spd)", "Yeti"),
	BOT(MOZ "(compatible; SeznamBot/4.0; +https://o-seznam.cz/seznambot/)", "SeznamBot"),
	BOT(MOZ "(compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
		"PetalBot"),
	BOT(MOZ "(compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
		"archive.org_bot"),
	BOT("ia_archiver (+http://www.alexa.com/site/help/webmasters; crawler@alexa.com)",
		"ia_archiver"),

	/* Crawlers for language models. */
	BOT(MOZ KIT "; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "GPTBot"),
	BOT(MOZ KIT "; compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ChatGPT-User"),
	BOT(MOZ KIT "; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot",
		"OAI-SearchBot"),
	BOT(MOZ KIT "; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ClaudeBot"),
	BOT(MOZ KIT "; compatible; Claude-User/1.0; +Claude-User@anthropic.com)", "Claude-User"),
	BOT(MOZ KIT "; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
		"PerplexityBot"),
	BOT("CCBot/2.0 (https://commoncrawl.org/faq/)", "CCBot"),
	BOT(MOZ "(Linux; Android 5.0) " KIT "Mobile " SAF
		" (compatible; Bytespider; spider-feedback@bytedance.com)",
		"Bytespider"),
	BOT(MAC KIT6 "Version/8.0.2 Safari/600.2.5 (Amazonbot/0.1; "
		     "+https://developer.amazon.com/support/amazonbot)",
		"Amazonbot"),
	BOT("meta-externalagent/1.1 "
	    "(+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
		"meta-externalagent"),
	BOT("DuckAssistBot/1.2; (+http://duckduckgo.com/duckassistbot.html)", "DuckAssistBot"),

	/* Marketing, research, attackers. */
	BOT(MOZ "(compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "AhrefsBot"),
	BOT(MOZ "(compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", "SemrushBot"),
	BOT(MOZ "(compatible; MJ12bot/v1.4.8; http://mj12bot.com/)", "MJ12bot"),
	BOT(MOZ "(compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot)", "DotBot"),
	BOT(MOZ "(compatible; BLEXBot/1.0; +http://webmeup-crawler.com/)", "BLEXBot"),
	BOT(MOZ "(compatible; DataForSeoBot/1.0; +https://dataforseo.com/dataforseo-bot)",
		"DataForSeoBot"),
	BOT("Screaming Frog SEO Spider/19.2", "Screaming Frog"),
	BOT("W3C_Validator/1.3 http://validator.w3.org/services", "W3C_Validator"),
	BOT(MOZ "(compatible; CensysInspect/1.1; +https://about.censys.io/)", "CensysInspect"),
	BOT(MOZ "zgrab/0.x", "zgrab"),
	BOT("sqlmap/1.6.4#stable (https://sqlmap.org)", "sqlmap"),
	BOT(MOZ "(compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)", "Nmap"),

	/* Previews of links, and readers of feeds. */
	BOT("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
		"facebookexternalhit"),
	BOT(MAC KIT6 "Version/11.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
		"facebookexternalhit"),
	BOT("Twitterbot/1.0", "Twitterbot"),
	BOT("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
		"LinkedInBot"),
	BOT("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot"),
	BOT(MOZ "(compatible; Discordbot/2.0; +https://discordapp.com)", "Discordbot"),
	BOT("TelegramBot (like TwitterBot)", "TelegramBot"),
	BOT("WhatsApp/2.23.20.0 A", "WhatsApp"),
	BOT("http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/)", "Mastodon"),
	BOT("Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", "Feedly"),

	/* Monitors. */
	BOT(MOZ "(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot"),
	BOT("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Pingdom"),
	BOT(WIN CHR SAF " Better Uptime Bot Mozilla/5.0", "Better Uptime"),
	BOT("Uptime-Kuma/1.23.9", "Uptime-Kuma"),
	BOT("check_http/v2.3.3 (monitoring-plugins 2.3.3)", "check_http"),
	BOT("Prometheus/2.48.0", "Prometheus"),
	BOT("kube-probe/1.28", "kube-probe"),
	BOT("ELB-HealthChecker/2.0", "ELB-HealthChecker"),
	BOT("Amazon-Route53-Health-Check-Service (ref 1234; report http://amzn.to/1vsZADi)",
		"Route53-Health-Check"),
	BOT("GoogleHC/1.0", "GoogleHC"),
	BOT("Amazon CloudFront", "Amazon CloudFront"),

	/* Libraries and tools. */
	BOT(LIN KIT "HeadlessChrome/120.0.0.0 " SAF, "HeadlessChrome"),
	BOT(MOZ "(Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 "
		"Safari/538.1",
		"PhantomJS"),
	BOT("curl/7.88.1", "curl"),
	BOT("curl/7.16.2 (i486-pc-linux-gnu) libcurl/7.16.2 OpenSSL/0.9.8e", "curl"),
	BOT("Wget/1.21.3 (linux-gnu)", "Wget"),
	BOT("HTTPie/3.2.2", "HTTPie"),
	BOT("PostmanRuntime/7.36.0", "Postman"),
	BOT("python-requests/2.31.0", "python-requests"),
	BOT("Python-urllib/3.11", "Python-urllib"),
	BOT("Python/3.11 aiohttp/3.9.1", "aiohttp"),
	BOT("python-httpx/0.25.2", "python-httpx"),
	BOT("Scrapy/2.11.0 (+https://scrapy.org)", "Scrapy"),
	BOT("Go-http-client/1.1", "Go-http-client"),
	BOT("Java/17.0.9", "Java"),
	BOT("Apache-HttpClient/4.5.14 (Java/17.0.9)", "Apache-HttpClient"),
	BOT("okhttp/4.12.0", "okhttp"),
	BOT("Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A.220624.014)", "Dalvik"),
	BOT("MyApp/1 CFNetwork/1485 Darwin/23.1.0", "CFNetwork"),
	BOT("libwww-perl/6.72", "libwww-perl"),
	BOT("Ruby", "Ruby"),
	BOT("Faraday v2.7.12", "Faraday"),
	BOT("GuzzleHttp/7", "GuzzleHttp"),
	BOT("GuzzleHttp/6.5.5 curl/7.68.0 PHP/7.4.3", "GuzzleHttp"),
	BOT("WordPress/6.4.2; https://example.org", "WordPress"),
	BOT("node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "node-fetch"),
	BOT("axios/1.6.2", "axios"),
	BOT("reqwest/0.11.22", "reqwest"),
	BOT(MOZ "(Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.3803",
		"PowerShell"),
	BOT("Microsoft-WebDAV-MiniRedir/10.0.19045", "WebDAV-MiniRedir"),
	BOT("git/2.39.2", "git"),
	BOT("docker/24.0.7 go/go1.20.10 git-commit/311b9ff os/linux arch/amd64", "Docker"),
	BOT("Debian APT-HTTP/1.3 (2.6.1)", "APT"),
	BOT("ApacheBench/2.3", "ApacheBench"),
	BOT("VLC/3.0.20 LibVLC/3.0.20", "VLC"),
	BOT("Lavf/58.76.100", "FFmpeg"),
	BOT("AppleCoreMedia/1.0.0.21B101 (iPhone; U; CPU OS 17_1_2 like Mac OS X; en_us)",
		"AppleCoreMedia"),

	/* Bots that are not in the table. */
	BOT("ExampleBot/1.0", "ExampleBot"),
	BOT(MOZ "(compatible; Example-Crawler/1.0; +http://crawler.example/)", "Example-Crawler"),
	BOT(MOZ "(compatible; Fetchling/1.0; +https://fetchling.example/)", "Fetchling"),
	BOT("Fetchling (+https://fetchling.example/)", "Fetchling"),
	BOT("acme-spider", "acme-spider"),
	BOT("python-requests/2.31.0 ExampleBot-Images/2", "ExampleBot-Images"),

	/* Neither. */
	{"", "-", "-", "-", "-"},
	{"-", "-", "-", "-", "-"},
	{" ", "-", "-", "-", "-"},
	{"Mozilla/5.0", "-", "-", "-", "-"},
	{"MyApp/1.0", "-", "-", "-", "-"},
	{"robot@example.org", "-", "-", "-", "-"},
	{"() { :; }; /x/y", "-", "-", "-", "-"},
	{"\xff\xfe", "-", "-", "-", "-"},
};

static void check(struct span found, const char *expected, const char *what, const char *header)
{
	if (!span_equal(found, span_text(expected)))
		fail_msg("%s is '%.*s', not '%s': %s", what, (int)found.len, found.at, expected,
			header);
}

TEST(each_sender)
{
	struct agents *a = agents_new();

	assert_non_null(a);
	assert_true(COUNT(agents) >= 200);
	for (size_t i = 0; i < COUNT(agents); i++) {
		struct agent found = agents_find(a, span_text(agents[i].header));
		check(found.browser, agents[i].browser, "browser", agents[i].header);
		check(found.os, agents[i].os, "os", agents[i].header);
		check(found.bot, agents[i].bot, "bot", agents[i].header);
		check(found.device, agents[i].device, "device", agents[i].header);
	}
	agents_free(a);
}

/* Any bytes in a buffer of just their length: no byte beside them is read. */
TEST(any_bytes)
{
	static const char bytes[] = "aAZz09 -_./;()+@:\0\xff";
	struct agents *a = agents_new();
	uint64_t seed = 11;

	assert_non_null(a);
	for (int i = 0; i < 100000; i++) {
		const char *header = agents[random_below(&seed, COUNT(agents))].header;
		size_t len = random_below(&seed, strlen(header) + 1);
		char *text = malloc(len ? len : 1);
		assert_non_null(text);
		memcpy(text, header, len);
		if (len > 4)
			random_bytes(&seed, text + random_below(&seed, len - 4), 4,
				span_of(bytes, sizeof bytes - 1));
		struct agent found = agents_find(a, span_of(text, len));
		assert_true(found.browser.len && found.os.len && found.bot.len && found.device.len);
		free(text);
	}
	agents_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sender),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
