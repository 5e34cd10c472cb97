#include "formats/known_layouts.h"

#include <stddef.h>

#define HAPROXY "$remote_addr:$remote_port [$any_time] $frontend $backend/$server $wf_timers "
#define NPM_END                                                                                    \
	" - $request_method $scheme $host \"$request_uri\" [Client $remote_addr] "                 \
	"[Length $body_bytes_sent] [Gzip $gzip_ratio] "

const struct known_layout known_layouts[] = {
	/* https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
	 */
	{"alb", "AWS Application Load Balancer",
		"$type $any_time $elb $remote_addr:$remote_port $target $request_processing_time "
		"$target_processing_time $response_processing_time $status $target_status "
		"$received_bytes $bytes_sent \"$request\" \"$http_user_agent\" $ssl_cipher "
		"$ssl_protocol $target_group_arn \"$trace_id\" \"$http_host\""},
	/* https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
	 */
	{"elb", "AWS Classic Load Balancer",
		"$any_time $elb $remote_addr:$remote_port $backend $request_processing_time "
		"$backend_processing_time $response_processing_time $status $backend_status "
		"$received_bytes $bytes_sent \"$request\" \"$http_user_agent\" $ssl_cipher "
		"$ssl_protocol"},
	/* https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html */
	{"s3", "AWS S3 server access log",
		"$bucket_owner $bucket [$time_local] $remote_addr $requester $request_id "
		"$operation $key $wf_request $status $error_code $bytes_sent $object_size "
		"$total_time $turn_around_time $wf_referrer $wf_agent $version_id"},
	/* https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
	 */
	{"envoy", "Envoy",
		"[$any_time] \"$request\" $status $response_flags $bytes_received $bytes_sent "
		"$duration $service_time \"$first_forwarded_for\" \"$http_user_agent\" "
		"\"$request_id\" \"$http_host\" \"$upstream_host\""},
	/* https://istio.io/latest/docs/tasks/observability/logs/access-log/ */
	{"istio", "Istio's Envoy",
		"[$any_time] \"$request\" $status $response_flags $response_code_details "
		"$connection_termination_details \"$transport_failure_reason\" $bytes_received "
		"$bytes_sent $duration $service_time \"$first_forwarded_for\" "
		"\"$http_user_agent\" \"$request_id\" \"$http_host\" \"$upstream_host\""},
	/* https://docs.haproxy.org/3.0/configuration.html#8.2.3 */
	{"haproxy_http", "HAProxy, option httplog",
		HAPROXY "$status $bytes_sent $request_cookie $response_cookie $termination_state "
			"$connections $queues $wf_braces\"$request\""},
	{"haproxy_tcp", "HAProxy, option tcplog",
		HAPROXY "$bytes_sent $termination_state $wf_connections $wf_queues"},
	/* https://wiki.squid-cache.org/Features/LogFormat */
	{"squid", "Squid",
		"$any_time $blanks$duration $remote_addr $result/$status $bytes_sent "
		"$request_method $url $remote_user $hierarchy $content_type"},
	/* https://github.com/NginxProxyManager/nginx-proxy-manager */
	{"npm_proxy", "Nginx Proxy Manager, proxy hosts",
		"[$time_local] $upstream_cache_status $upstream_status $status" NPM_END
		"[Sent-to $server] \"$http_user_agent\" \"$http_referer\""},
	{"npm", "Nginx Proxy Manager, other hosts",
		"[$time_local] $status" NPM_END "\"$http_user_agent\" \"$http_referer\""},
	/* https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats */
	{"ssl_request", "Apache's ssl_request_log",
		"[$time_local] $remote_addr $wf_ssl_protocol $ssl_cipher \"$request\" "
		"$body_bytes_sent$line_end"},
	/* https://learn.microsoft.com/windows/win32/http/w3c-logging, the default fields */
	{"iis_line", "IIS without #Fields: lines, behind syslog",
		"$any_time $server_addr $request_method $wf_path $args $server_port $wf_user "
		"$remote_addr $wf_word_agent $wf_word_referrer $status $substatus $win32_status "
		"$time_taken"},
	{"iis_6", "IIS 6 without #Fields: lines",
		"$any_time $server_addr $request_method $wf_path $args $server_port $wf_user "
		"$remote_addr $wf_word_agent $status $substatus $win32_status"},
	{"http_server", "Python's http.server, Flask", "%h - - [%{%d/%b/%Y %T}t] \"%r\" %>s %b"},
	{"uvicorn", "Uvicorn", "INFO: $blanks$remote_addr:$remote_port - \"$request\" $status"},
	/* https://github.com/expressjs/morgan#predefined-formats */
	{"morgan_short", "morgan, short",
		"$remote_addr $wf_user $request_method $url $server_protocol $status "
		"$body_bytes_sent - $response_time ms"},
	{"morgan_tiny", "morgan, tiny",
		"$request_method $url $status $body_bytes_sent - $response_time ms"},
	{"morgan_dev", "morgan, dev",
		"$request_method $url $status $response_time ms - $body_bytes_sent"},
	{"gin", "Gin",
		"[GIN] $any_time | $status | $blanks$duration | $blanks$remote_addr | "
		"$request_method $blanks\"$request_uri\""},
	/* https://www.php.net/manual/en/install.fpm.configuration.php#access-format */
	{"php_fpm", "PHP-FPM",
		"$remote_addr - $fpm_user $any_time \"$request_method $url\" $status"},
	{"nginx_error", "nginx's error log", "$any_time [$level] $pid#$tid: $message"},
	{"apache_error", "Apache's error log",
		"[$any_time] [$module:$level] [pid $pid] $wf_client_port$message"},
	{"apache_error_2.2", "the error log of Apache 2.2",
		"[$any_time] [$wf_level] $wf_client$message"},
	/* RFC 3164, and the same with times of ISO 8601 */
	{"syslog", "syslog: sshd, postfix, cron ...",
		"$any_time $wf_node $wf_tag$wf_pid: $message"},
	/* https://www.rfc-editor.org/rfc/rfc5424 */
	{"syslog_5424", "syslog, RFC 5424",
		"<$wf_priority>1 $any_time $wf_node $tag $pid $msgid $wf_data $message"},
	{NULL, NULL, NULL},
};
