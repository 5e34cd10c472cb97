#!/usr/bin/env bats
# layouts.bats -- the formats in formats/known_layouts.c: each is recognised by itself and read, and a
# line that does not fit is reported.

load helper

# layout NAME FIELDS VALUES TEMPLATE: five lines by the template, in which @ is the number of the line,
# are of the format NAME, and have these values in these fields.
layout() {
	local n
	for n in 1 2 3 4 5; do echo "${4//@/$n}"; done >log
	for n in 1 2 3 4 5; do printf '      1 %s\n' "${3//@/$n}"; done >expected
	ranks -f "$2" log <expected
	[ "$(wf --explain -f "$2" log | sed -n 's/^  format     //p')" = "$1" ]
	ranks --log-format "$1" -f "$2" log <expected
	echo 'no such line' >>log
	wf -f "$2" log 2>errors | same expected -
	[[ $(head -1 errors) = "wf: 1 of 6 lines do not fit '$1'; the first is line 6 of log; "* ]]
}

T=17/Jun/2007:12:00:0@
ALB='192.0.2.@:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.org:443/@?x=1 HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2'
HAPROXY="[$T.726] in~ be/s1"

@test "layouts: load balancers and stores of AWS" {
	layout alb client,path,status,host,time,bytes,agent \
		$'192.0.2.@\t/@\t200\twww.example.org\t2007-06-17T12:00:0@\t57\tcurl/7.46.0' \
		"https 2007-06-17T12:00:0@.186641Z app/lb/50 $ALB arn:aws:x/73e \"Root=1-5\" \"www.example.org\" \"arn\" 0"
	layout alb client,path $'2001:db8::@\t/@' \
		"http 2007-06-17T12:00:0@.186641Z app/lb/50 ${ALB/192.0.2.@/2001:db8::@} arn:aws:x/73e \"Root=1-5\" \"-\""
	layout elb client,path,status,time,bytes $'192.0.2.@\t/@\t200\t2007-06-17T12:00:0@\t57' \
		"2007-06-17T12:00:0@.945958Z my-lb $ALB"
	local s3="79a59d bucket [$T +0000] 192.0.2.@ arn:aws:iam::1:user/x 3E57 REST.GET.OBJECT a.txt"
	local end='200 - 113 - 7 - "-" "S3Console/0.4" - id= SigV2 x AuthHeader b.s3.example.com TLSV1.2 - -'
	layout s3 client,url,status,bytes,agent,referrer $'192.0.2.@\t/b/@\t200\t113\tS3Console/0.4\t-' \
		"$s3 \"GET /b/@ HTTP/1.1\" $end"
	layout s3 client,request $'192.0.2.@\t-' "$s3 - $end"
}

@test "layouts: proxies" {
	layout envoy client,url,status,bytes,host,hour,agent $'192.0.2.@\t/@\t200\t57\tapi.example.org\t2007-06-17T12\tcurl/8' \
		"[2007-06-17T12:00:0@.310Z] \"GET /@ HTTP/2\" 200 - 0 57 1 0 \"192.0.2.@\" \"curl/8\" \"d209\" \"api.example.org\" \"127.0.0.1:80\""
	layout envoy client,url $'192.0.2.@\t/@' \
		"[2007-06-17T12:00:0@.310Z] \"GET /@ HTTP/2\" 200 - 0 57 1 - \"192.0.2.@, 192.0.2.77\" \"curl/8\" \"d209\" \"a\" \"-\""
	layout istio client,url,status,bytes,host $'192.0.2.@\t/@\t503\t91\tapi' \
		"[2007-06-17T12:00:0@.310Z] \"GET /@ HTTP/1.1\" 503 UF upstream_reset - \"reset reason\" 0 91 1 - \"192.0.2.@\" \"curl/8\" \"d209\" \"api\" \"127.0.0.1:80\""
	layout haproxy_http client,url,status,bytes,time,backend,server,braces $'192.0.2.@\t/@\t200\t168\t2007-06-17T12:00:0@\tbe\ts1\t{h||} {|}' \
		"192.0.2.@:3886 $HAPROXY 0/0/1/0/2 200 168 - - ---- 6/6/0/0/0 0/0 {h||} {|} \"GET /@ HTTP/1.1\""
	layout haproxy_http client,url $'192.0.2.@\t/@' \
		"192.0.2.@:3886 $HAPROXY 0/0/1/0/2 200 168 - - ---- 6/6/0/0/0 0/0 \"GET /@ HTTP/1.1\""
	layout haproxy_tcp client,bytes,backend $'192.0.2.@\t168\tbe' "192.0.2.@:3886 $HAPROXY 0/0/5007 168 -- 1/1/1/1/0 0/0"
	layout squid client,url,status,method,bytes,duration,time,user \
		$'192.0.2.@\thttp://a/@\t200\tGET\t182\t9\t2007-06-17T19:00:0@\t-' \
		"118210680@.327      9 192.0.2.@ TCP_HIT/200 182 GET http://a/@ - HIER_NONE/- text/html"
	layout npm_proxy client,url,status,host,bytes,agent,referrer $'192.0.2.@\t/@\t200\twww.example.org\t57\tcurl\t-' \
		"[$T +0000] - 200 200 - GET https www.example.org \"/@\" [Client 192.0.2.@] [Length 57] [Gzip -] [Sent-to web] \"curl\" \"-\""
	layout npm client,url,status $'192.0.2.@\t/@\t404' \
		"[$T +0000] 404 - GET http localhost \"/@\" [Client 192.0.2.@] [Length 57] [Gzip 1.2] \"curl\" \"-\""
}

@test "layouts: servers and frameworks" {
	layout ssl_request client,url,bytes,ssl_protocol $'192.0.2.@\t/@\t1375\tTLSv1.3' \
		"[$T +0200] 192.0.2.@ TLSv1.3 TLS_AES_256_GCM_SHA384 \"GET /@ HTTP/1.1\" 1375"
	layout iis client,path,query,status,agent,referrer,time,port,user \
		$'192.0.2.@\t/@\tq=1\t200\tMozilla/5.0\t-\t2007-06-17T12:00:0@\t80\t-' \
		'2007-06-17 12:00:0@ 192.0.2.77 GET /@ q=1 80 - 192.0.2.@ Mozilla/5.0 - 200 0 0 123'
	layout iis_6 client,path,status,agent $'192.0.2.@\t/@\t404\tMozilla/4.0' \
		'2007-06-17 12:00:0@ 192.0.2.77 GET /@ - 80 - 192.0.2.@ Mozilla/4.0 404 0 2'
	layout http_server client,url,status,bytes,time $'192.0.2.@\t/@\t200\t-\t2007-06-17T12:00:0@' \
		'192.0.2.@ - - [17/Jun/2007 12:00:0@] "GET /@ HTTP/1.1" 200 -'
	layout uvicorn client,url,status $'192.0.2.@\t/@\t200' 'INFO:     192.0.2.@:5432 - "GET /@ HTTP/1.1" 200 OK'
	layout morgan_short client,method,url,status,bytes,response_time $'192.0.2.@\tGET\t/@\t200\t12\t5.@' \
		'192.0.2.@ - GET /@ HTTP/1.1 200 12 - 5.@ ms'
	layout morgan_tiny method,url,status,bytes,response_time $'GET\t/@\t200\t12\t5.@' 'GET /@ 200 12 - 5.@ ms'
	layout morgan_dev method,url,status,bytes,response_time $'GET\t/@\t200\t12\t5.@' 'GET /@ 200 5.@ ms - 12'
	layout gin client,method,url,status,time,duration $'192.0.2.@\tGET\t/@\t200\t2007-06-17T12:00:0@\t1.2ms' \
		'[GIN] 2007/06/17 - 12:00:0@ | 200 |       1.2ms |       192.0.2.@ | GET      "/@"'
	layout php_fpm client,method,url,status,time $'192.0.2.@\tGET\t/@.php\t200\t2007-06-17T12:00:0@' \
		"192.0.2.@ -  $T +0200 \"GET /@.php\" 200"
}

# The year of a day in a log without years that was written just now.
year_of() {
	local year
	year=$(date -u -d tomorrow +%Y)
	if [ "$(date -u -d "$1 $year" +%s)" -gt "$(date -u -d tomorrow +%s)" ]; then year=$((year - 1)); fi
	echo "$year"
}

@test "layouts: error logs and syslog" {
	layout nginx_error time,level,pid,message $'2007-06-17T12:00:0@\terror\t12\t*@ open() "/x" failed, client: 192.0.2.1' \
		'2007/06/17 12:00:0@ [error] 12#7: *@ open() "/x" failed, client: 192.0.2.1'
	layout apache_error time,module,level,client,message $'2007-06-17T12:00:0@\tcore\terror\t192.0.2.@\tAH00124: x' \
		'[Sun Jun 17 12:00:0@.123456 2007] [core:error] [pid 12:tid 34] [client 192.0.2.@:567] AH00124: x'
	layout apache_error module,level,pid,message $'mpm_event\tnotice\t@\tAH00489: x y' \
		'[Sun Jun 17 12:00:01.123456 2007] [mpm_event:notice] [pid @] AH00489: x y'
	layout apache_error_2.2 time,level,client,message $'2007-06-17T12:00:0@\terror\t192.0.2.@\tFile does not exist: /x' \
		'[Sun Jun 17 12:00:0@ 2007] [error] [client 192.0.2.@] File does not exist: /x'
	layout syslog time,host,tag,pid,message "$(year_of 'Jun 7')"$'-06-07T12:00:0@\tweb1\tsshd\t@1\tFailed password for root' \
		'Jun  7 12:00:0@ web1 sshd[@1]: Failed password for root'
	layout syslog time,host,tag,message $'2007-06-17T12:00:0@\tweb1\tpostfix/smtpd\tconnect from a[192.0.2.1]' \
		'2007-06-17T12:00:0@+02:00 web1 postfix/smtpd: connect from a[192.0.2.1]'
}

@test "layouts: behind an envelope" {
	local before inner='192.0.2.@:3886 [17/Jun/2007:12:00:0@.726] in~ be/s1 0/0/1/0/2 200 168 - - ---- 6/6/0/0/0 0/0 "GET /@ HTTP/1.1"'
	for before in 'Jun 17 10:00:00 lb1 haproxy[32450]:' '2025-06-17T08:00:00.1Z stdout F' 'lb-1  |' '[pod/lb-1/haproxy]'; do
		for n in 1 2 3; do echo "$before ${inner//@/$n}"; done >log
		ranks -f client,url,hour log <<<$'      1 192.0.2.1\t/1\t2007-06-17T12\n      1 192.0.2.2\t/2\t2007-06-17T12\n      1 192.0.2.3\t/3\t2007-06-17T12'
		format=$(wf --explain log | sed -n 's/^  format     //p')
		wf --log-format "$format" -f client,url log | same - <(wf -f client,url log)
	done
	for n in 1 2 3; do echo "2025-06-17T08:00:00.1Z stderr F 2007/06/17 12:00:0$n [error] 12#7: bad"; done >log
	ranks -f level,envelope.stream log <<<$'      3 error\tstderr'
}

# enveloped FORMAT: the lines of the file "inside" are counted in the envelope in "log" as they are without, and so they
# are by the format that --explain prints.
enveloped() {
	local explained field
	explained=$(wf --explain log | sed -n 's/^  format     //p')
	[ "$explained" = "$1" ]
	for field in client url status,bytes agent hour; do
		wf -n 0 -f $field inside >expected
		wf -n 0 -f $field log | same expected -
		wf -n 0 -f $field <log | same expected -
		wf -n 0 -f $field -j 2 --chunk-size 4K --log-format "$1" log | same expected -
	done
}

# into DOCKER|JOURNALD|PREFIX: put the lines of "inside" into envelopes.
into() {
	"$PYTHON" - "$1" <<'END'
import json, sys
for n, line in enumerate(open('inside', encoding='utf-8', errors='surrogateescape')):
    text = line.rstrip('\n')
    docker = {'log': line, 'stream': 'stderr' if n % 3 else 'stdout', 'time': '2025-06-17T08:00:0%d.5Z' % (n % 10), 'attrs': {'tag': 'a"b'}}
    journald = {'MESSAGE': list(text.encode()) if n % 4 == 1 else text, '__REALTIME_TIMESTAMP': '1750147200000000', '_HOSTNAME': 'web1',
                'SYSLOG_IDENTIFIER': 'nginx', '_PID': '12', '_COMM': None}
    print({'docker': json.dumps(docker), 'journald': json.dumps(journald)}.get(sys.argv[1], sys.argv[1] + text))
END
}

@test "envelopes: docker's and journald's JSON, with combined lines, JSON, logfmt and other layouts inside" {
	head -n 60 "$SAMPLE" >inside
	printf '192.0.2.1 - - [17/Jun/2025:12:00:01 +0000] "GET /a\\"b\\\\\303\244 HTTP/1.1" 200 5 "-" "say \\"hi\\" \t"\n' >>inside
	into docker >log
	enveloped docker:combined
	into journald >log
	enveloped journald:combined
	for i in 1 2 3 4 5 6 7; do
		echo "{\"remote_addr\":\"192.0.2.$i\",\"request_uri\":\"/\\u00e4$i\",\"status\":20$i,\"size\":$i,\"ua\":\"a\\\"b\",\"time\":\"2025-06-17T1$i:00:00Z\"}"
	done >inside
	into docker >log
	enveloped docker:json
	into journald >log
	enveloped journald:json
	sed 's/^{"\(.*\)}$/\1/; s/":\("[^,]*"\|[0-9]*\)/=\1/g; s/,"/ /g' inside >logfmt
	mv logfmt inside
	into docker >log
	enveloped docker:logfmt
	for n in 1 2 3; do echo "192.0.2.$n:3886 [17/Jun/2007:12:00:0$n.726] in~ be/s1 0/0/1/0/2 200 168 - - ---- 6/6/0/0/0 0/0 \"GET /$n HTTP/1.1\""; done >inside
	into docker >log
	run wf --explain log
	[[ $output == *'  format     docker:haproxy_http'* ]]
	ranks -f client,url log <<<$'      1 192.0.2.1\t/1\n      1 192.0.2.2\t/2\n      1 192.0.2.3\t/3'
}

@test "envelopes: JSON and logfmt behind the prefix of syslog, containerd, docker compose and kubectl" {
	local syslog='${envelope.time} ${envelope.host} ${envelope.tag}[${envelope.pid}]: '
	for i in 1 2 3 4 5 6 7; do
		echo "{\"remote_addr\":\"192.0.2.$i\",\"request_uri\":\"/$i\",\"status\":20$i,\"size\":$i,\"ua\":\"a b\",\"time\":\"2025-06-17T1$i:00:00Z\"}"
	done >json
	sed 's/^{"\(.*\)}$/\1/; s/":\("[^,]*"\|[0-9]*\)/=\1/g; s/,"/ /g' json >logfmt
	for kind in json logfmt; do
		cp $kind inside
		into 'Jun  7 10:00:00 web1 nginx[12]: ' >log
		enveloped "$syslog\${$kind}"
		ranks -f envelope.host,envelope.tag,envelope.pid log <<<$'      7 web1\tnginx\t12'
		into '2025-06-17T08:00:00.1Z stdout F ' >log
		enveloped "\${envelope.time} \${envelope.stream} F \${$kind}"
		into 'web-1  | ' >log
		enveloped "\${envelope.tag} \$blanks| \${$kind}"
		into '[pod/web-1/nginx] ' >log
		enveloped "[\${envelope.tag}] \${$kind}"
		ranks -f envelope.tag log <<<'      7 pod/web-1/nginx'
	done
	# Messages of syslog that are no requests stay messages.
	for i in 1 2 3; do echo "Jun  7 10:00:0$i web1 kernel: [UFW BLOCK] IN=eth0 SRC=192.0.2.$i DPT=22"; done >log
	ranks -f message log <<<$'      1 [UFW BLOCK] IN=eth0 SRC=192.0.2.1 DPT=22\n      1 [UFW BLOCK] IN=eth0 SRC=192.0.2.2 DPT=22\n      1 [UFW BLOCK] IN=eth0 SRC=192.0.2.3 DPT=22'
}

@test "envelopes: their own fields, lines that do not fit, patterns, applications that write no requests" {
	head -n 50 "$SAMPLE" >inside
	into docker >log
	ranks -f envelope.stream log <<<$'     33 stderr\n     17 stdout'
	ranks -f stream log <<<$'     33 stderr\n     17 stdout'
	ranks -f envelope.attrs.tag log <<<'     50 a"b'
	ranks -f envelope.time -w envelope.time~:03 log <<<'      5 2025-06-17T08:00:03.5Z'
	echo '{"log":"started\n","stream":"stdout","time":"2025-06-17T08:00:00Z"}' >odd
	cat odd log >longer
	run --separate-stderr wf --unmatched rest -f envelope.stream longer
	says "wf: 1 of 51 lines do not fit 'docker:combined'; the first is line 1 of longer*"
	same <(sed 's/^/longer:1:/' odd) rest
	# Patterns see the whole line.
	ranks -e '"stream": ?"([a-z]+)"' longer <<<$'     33 stderr\n     18 stdout'
	ranks -f envelope.stream -g '"stream": "stderr"' log <<<'     33 stderr'
	ranks -f envelope.stream -v '"stream": "stderr"' log <<<'     17 stdout'
	into journald >log
	ranks -f envelope.host,envelope.tag,envelope.pid log <<<$'     50 web1\tnginx\t12'
	for i in 1 2 3; do echo "{\"log\":\"Server $i started\\n\",\"stream\":\"stdout\",\"time\":\"2025-06-17T08:00:0${i}Z\"}"; done >log
	ranks -f stream log <<<'      3 stdout'
	run wf --explain log
	[[ $output == *'  format     json'* ]]
	run -2 --separate-stderr wf --log-format docker:docker:json log
	says 'wf: --log-format: an envelope of JSON cannot be in another one'
}

@test "layouts: what follows the Combined Log Format has names if the query needs them" {
	local n line='192.0.2.@ - - [17/Jun/2007:12:00:0@ -0700] "GET /@ HTTP/1.1" 200 10 "-" "curl/8.1"'
	for n in 1 2 3 4 5; do echo "${line//@/$n} 0.00$n 1$n"; done >log

	# Without such a field, nothing changes.
	[ "$(wf --explain log | sed -n 's/^  format     //p')" = combined ]
	[[ $(wf --explain log | sed -n 's/^  or         //p') = *'"$http_user_agent" $request_time $field_11$line_end' ]]
	wf -f path -n 1 log | same - <(echo '      1 /1')
	wf -f request_time log | same - <(printf '      1 0.00%d\n' 1 2 3 4 5)
	wf -f path -s p50:request_time -n 2 - <log | same - <(printf '  0.005 /5\n  0.004 /4\n')
	gzip -k log
	wf -f path,status -s 'n:request_time>2ms' -n 1 log.gz | same - <(printf '      1 /3\t200\n')
	wf --csv -f path -w 'request_time>=0.005' log | tr -d '\r' | same - <(printf 'count,path\n1,/5\n')
	for n in 1 2 3; do
		wf -j $n -f field_11 log log.gz | same - <(printf '      2 1%d\n' 1 2 3 4 5)
	done

	# A wrong name is answered with these names, without the $ that the shell would replace.
	run -2 --separate-stderr wf -f reques_time log
	says "wf: log: its lines have no field 'reques_time' (did you mean 'request_time'?); they have client *site request_time field_11 (see --explain and --log-format)"

	# A few lines without them do not fit, and are reported.
	cat log log log >more
	echo "${line//@/6}" >>more
	wf -f path -w 'request_time>0.004' more 2>errors | same - <(echo '      3 /5')
	[[ $(head -1 errors) = 'wf: 1 of 16 lines do not fit '*'; the first is line 16 of more; '* ]]

	# A log that has nothing there lacks the field, as before.
	for n in 1 2 3 4 5; do echo "${line//@/$n}"; done >short
	[ -z "$(wf --explain short | grep '^  or ')" ]
	run -2 --separate-stderr wf -f request_time short
	says "wf: short: its lines have no field 'request_time'; they have client *"
	for n in 1 2 3 4 5; do echo "${line//@/$n} "; done >blank
	run -2 --separate-stderr wf -f request_time blank
	says "wf: blank: its lines have no field 'request_time'; they have client *"
}
