#!/usr/bin/env bats
# -s FUNCTIONS:FIELD: averages, percentiles, distinct values and conditions, as columns of the ranking.

load helper

# Each number below can be computed from this table by hand.
make_files() {
	printf '%s\n' 'a;10;x' 'a;20;y' 'a;30;x' 'b;-;x' 'b;;z' 'b;n/a;z' 'c;5' 'c;1.5K;' 'd;-3;x' 'd;0.5;y' 'd;2;-' 'd;2;x' >table
}

# The rows with statistics of the table, without the hint, and blanks squeezed; rows in -s's own order unless told otherwise.
rows() { # ARGUMENT...
	wf -d ';' -f 1 -n 0 "$@" table 2>errors | tr -s ' ' | sed 's/^ //'
}

check() { # ARGUMENT... ; the expected rows on stdin
	rows "$@" >got
	same - got
}

ALL=(-s count,share -s sum,avg,min,max,sd,p50,p99:2,uniq:3,~uniq:3 -s 'n,pct:3=x')

@test "every function, as plain rows: columns in the order of -s, - for none" {
	check "${ALL[@]}" <<'END'
4 33.333333333 1.5 0.375 -3 2 2.358495283 0.5 2 3 3 2 50 d
3 25 60 20 10 30 10 20 30 2 2 2 66.666666667 a
3 25 0 - - - - - - 2 2 1 33.333333333 b
2 16.666666667 1541 770.5 5 1536 1082.580481997 5 1536 1 1 0 0 c
END
}

@test "csv and tsv: the functions and their fields name columns, none is empty, the count comes once" {
	wf -d ';' -f 1 "${ALL[@]}" --csv table 2>errors | tr -d '\r' >got
	same - got <<'END'
count,share,sum_2,avg_2,min_2,max_2,sd_2,p50_2,p99_2,uniq_3,~uniq_3,n_3=x,pct_3=x,1
4,33.333333333,1.5,0.375,-3,2,2.358495283,0.5,2,3,3,2,50,d
3,25,60,20,10,30,10,20,30,2,2,2,66.666666667,a
3,25,0,,,,,,,2,2,1,33.333333333,b
2,16.666666667,1541,770.5,5,1536,1082.580481997,5,1536,1,1,0,0,c
END
	wf -d ';' -f 1,3 -s max:2 --tsv -n 2 table 2>errors | tr '\t' ' ' >got
	same - got <<'END'
max_2 count 1 3
1536 1 c 
30 2 a x
END
	wf -d ';' -f 1 -s 'n:3="x,y"' -n 1 --csv table | tr -d '\r' >got
	printf '%s\n' '"n_3=""x,y""",count,1' '0,3,a' | same - got
}

@test "JSON: members with the names of the columns, null for none, numbers as numbers" {
	needs jq
	wf -d ';' -f 1 "${ALL[@]}" --json table 2>errors >got
	jq -c '.reports[0].rows[] | [.key, .count, .share, .sum_2, .avg_2, .min_2, .max_2, .sd_2, .p50_2, .p99_2, .uniq_3, ."~uniq_3", ."n_3=x", ."pct_3=x"]' got >rows
	same - rows <<'END'
["d",4,33.333333333,1.5,0.375,-3,2,2.358495283,0.5,2,3,3,2,50]
["a",3,25,60,20,10,30,10,20,30,2,2,2,66.666666667]
["b",3,25,0,null,null,null,null,null,null,2,2,1,33.333333333]
["c",2,16.666666667,1541,770.5,5,1536,1082.580481997,5,1536,1,1,0,0]
END
	[ "$(jq -r '.reports[0].rows[0] | keys_unsorted | join(" ")' got)" = 'count share sum_2 avg_2 min_2 max_2 sd_2 p50_2 p99_2 uniq_3 ~uniq_3 n_3=x pct_3=x key' ]
	[ "$(jq .account.not_numbers got)" = 1 ]
}

@test "a table is for people: three digits, separators, - for none" {
	wf -d ';' -f 1 "${ALL[@]}" --format table table 2>errors >got
	same - got <<'END'
COUNT   SHARE    SUM    AVG  MIN    MAX     SD  P50    P99  UNIQ 3  ~UNIQ 3  N 3=x  PCT 3=x  1
    4  33.33%    1.5  0.375   -3      2   2.36  0.5      2       3        3      2   50.00%  d
    3  25.00%     60     20   10     30     10   20     30       2        2      2   66.67%  a
    3  25.00%      0      -    -      -      -    -      -       2        2      1   33.33%  b
    2  16.67%  1,541    771    5  1,536  1,083    5  1,536       1        1      0    0.00%  c
END
}

@test "an HTML page has a column for each" {
	wf -d ';' -f 1 "${ALL[@]}" --html table 2>errors >got
	for heading in sum avg min max sd p50 p99 'uniq 3' '~uniq 3' 'n 3=x' 'pct 3=x'; do
		grep -qF "<th scope=\"col\" class=\"number\">$heading<" got
	done
	grep -qF 'aria-sort="descending">count<' got
	grep -qF '>share<' got
	for cell in 0.375 2.36 771 1,536 66.67%; do
		grep -qF ">$cell<" got
	done
}

@test "the first function ranks; --order NAME another, --order -NAME with the smallest first; none comes last; ties by key" {
	check -s avg:2 <<<$'770.5 c\n20 a\n0.375 d\n- b'
	check -s avg:2 --order -avg <<<$'0.375 d\n20 a\n770.5 c\n- b'
	check -s avg:2 --order -avg_2 <<<$'0.375 d\n20 a\n770.5 c\n- b'
	check -s min:2,uniq:3 --order uniq <<<$'-3 3 d\n10 2 a\n- 2 b\n5 1 c'
	check -s min:2,uniq:3 --order -uniq_3 <<<$'5 1 c\n10 2 a\n- 2 b\n-3 3 d'
	check -s max:2 --order count <<<$'2 d\n30 a\n- b\n1536 c'
	check -s max:2 --order -count <<<$'1536 c\n30 a\n- b\n2 d'
	check -s share --order -share <<<$'16.666666667 c\n25 a\n25 b\n33.333333333 d'
	check -s p50:2 --order key <<<$'20 a\n- b\n5 c\n0.5 d'
	check -s p50:2 --order last -n 2 <<<$'5 c\n0.5 d'
	check -s p50:2 -n 1 <<<'20 a'
	check --order -count <<<$'2 c\n3 a\n3 b\n4 d'
}

@test "--min N leaves out keys that are counted less often; all of them count in the share and in the number of keys" {
	check -s avg:2,share --min 3 <<<$'20 25 a\n0.375 33.333333333 d\n- 25 b'
	check --min 4 <<<'4 d'
	check --min 5 </dev/null
	accounted 'lines 12, matched 12, not_numbers 1, keys 4' -d ';' -f 1 -s avg:2 --min 3 table
}

@test "functions of several fields in one -s or in several" {
	rows -s 'avg:2,uniq:3,count' >expected
	check -s avg:2 -s uniq:3 -s count <expected
	check -s ' avg : 2 , uniq:3, count' <expected
	check -s 'avg:2,pct:3 in (x,y)' <<<$'770.5 0 c\n20 100 a\n0.375 75 d\n- 33.333333333 b'
}

@test "std: what is usually asked of an access log" {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:01 -0700] "GET /a HTTP/1.1" 200 100
192.0.2.2 - - [17/Jun/2007:12:00:02 -0700] "GET /a HTTP/1.1" 304 -
192.0.2.2 - - [17/Jun/2007:12:00:03 -0700] "GET /a HTTP/1.1" 503 0
192.0.2.1 - - [17/Jun/2007:12:00:04 -0700] "GET /a HTTP/1.1" 404 12345
192.0.2.1 - - [17/Jun/2007:12:00:04 -0700] "GET /b HTTP/1.1" 100 7
END
	# A dash in "bytes" is 0.  12345 rounds to 12300.
	wf -f url -s std:bytes --csv log | tr -d '\r' >got
	same - got <<'END'
count,2xx,3xx,4xx,5xx,min_bytes,avg_bytes,p50_bytes,p90_bytes,p99_bytes,max_bytes,url
4,1,1,1,1,0,3111.25,0,12300,12300,12345,/a
1,0,0,0,0,7,7,7,7,7,7,/b
END
	wf -f url -s std:bytes --order -2xx log | sed 's/.* //' >got
	printf '/b\n/a\n' | same - got
}

@test "numbers are exact, and quotients and roots rounded to billionths, halves away from 0" {
	printf '%s\n' 'a;0.1' 'a;0.2' 'b;0.000000001' 'b;0' 'c;-0.000000001' 'c;0' 'd;18446744073709551615' 'd;0' 'e;7' 'f;0' 'f;0' 'f;0' >table
	check -s sum,avg,sd:2 --order key <<'END'
0.3 0.15 0.070710678 a
0.000000001 0.000000001 0.000000001 b
-0.000000001 -0.000000001 0.000000001 c
18446744073709551615 9223372036854775807.5 13043817825332782211.642465025 d
7 7 - e
0 0 0 f
END
}

@test "the table rounds numbers, halves away from 0" {
	printf '%s\n' 'a;1999.5' 'b;-1999.5' 'c;1999.499999999' 'd;999.4' 'e;999.5' 'f;-0.0012345' 'g;18446744073709551615.5' >table
	wf -d ';' -f 1 -s avg:2 --order key --format table table | tail -n +2 | sed 's/^ *//' >got
	printf '%s\n' '2,000  a' '-2,000  b' '1,999  c' '999  d' '1,000  e' '-0.00123  f' '18,446,744,073,709,551,616  g' | same - got
}

@test "a percentile is the nearest rank among numbers with three digits, but not beyond the least and the greatest" {
	printf 'a;%s\n' 1005 1015 9995 >table
	check -s p1,p33.3,p34,p66.7,p100:2 <<<'1010 1010 1020 9995 9995 a'
	printf 'a;%s\n' 1001 1002 >table
	check -s p50,p100:2 <<<'1001 1001 a' # rounded, both are 1000
	printf 'a;%s\n' -1005 -1004 0.0000123456 0.000000123 >table
	check -s p25,p50,p75,p100:2 <<<'-1005 -1000 0.000000123 0.0000123 a' # digits after the ninth are cut off
}

@test "percentiles next to sort -n, where the log has three digits or fewer" {
	wf -f client -n 1 "$SAMPLE" | sed 's/.* //' >client
	awk -v client="$(cat client)" '$1 == client { print $10 == "-" ? 0 : $10 }' "$SAMPLE" | awk '$1 < 1000' | sort -n >sorted
	n=$(wc -l <sorted)
	[ "$n" -gt 3 ]
	for p in 1 10 25 50 75 90 99 100; do
		rank=$(((n * p + 99) / 100))
		[ "$(wf -f client -w client="$(cat client)" -w 'bytes<1000 or bytes=-' -s p$p:bytes "$SAMPLE" | awk '{ print $1 }')" = "$(sed -n ${rank}p sorted)" ]
	done
}

@test "averages, deviations and percentiles next to mlr: rounding explains all differences" {
	needs mlr
	awk '$9 ~ /^[0-9]+$/ && $10 ~ /^([0-9]+|-)$/ { print $9 "," ($10 == "-" ? 0 : $10) }' "$SAMPLE" | sed '1i status,bytes' >csv
	mlr --icsv --onidx --ofs ' ' stats1 -a count,sum,min,max,mean,stddev -f bytes -g status then sort -f status csv >theirs
	sed 1d csv | wf -d , -f 1 -s count,sum,min,max,avg,sd,p10,p50,p90,p99:2 --order key -n 0 |
		awk '{ print $11, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 }' >ours
	[ "$(wc -l <ours)" -gt 3 ]
	# Sums and extremes are equal; means and deviations to 9 digits, as mlr prints them.
	awk 'function near(a, b, by) { return a == b || (a - b < 0 ? b - a : a - b) <= by * (b < 0 ? -b : b) }
		NR == FNR { for (i = 1; i <= NF; i++) their[$1, i] = $i; fields[$1] = NF; next }
		{
			for (i = 2; i <= 5; i++) if (their[$1, i] != $i) bad = bad "\n" $1 " " i
			if (!near(their[$1, 6], $6, 1e-9)) bad = bad "\n" $1 " mean"
			if ($2 > 1 && !near(their[$1, 7], $7, 1e-9)) bad = bad "\n" $1 " sd"
			if ($2 == 1 && $7 != "-") bad = bad "\n" $1 " sd of one"
		}
		END { print "bad:" bad }' theirs ours >got
	printf 'bad:\n' | same - got
	# The nearest rank, which is exact to half a percent; mlr's is at int(p/100*n), counting from 0, which is another one.
	while read -r status n _ _ _ _ _ p10 p50 p90 p99; do
		awk -F, -v s="$status" '$1 == s { print $2 }' csv | sort -n >sorted
		for pair in "10 $p10" "50 $p50" "90 $p90" "99 $p99"; do
			read -r p value <<<"$pair"
			exact=$(sed -n $(((n * p + 99) / 100))p sorted)
			awk -v a="$value" -v b="$exact" 'BEGIN { d = a - b; if (d < 0) d = -d; exit d > 0.005 * b }'
		done
	done <ours
}

@test "the mean next to mlr, for each client" {
	needs mlr
	awk '{ print $1 "," ($10 == "-" ? 0 : $10) }' "$SAMPLE" >rows
	sed '1i client,bytes' rows | mlr --icsv --onidx --ofs , stats1 -a count,mean,distinct_count -f bytes -g client |
		awk -F, '{ printf "%s,%d,%.6f,%d\n", $1, $2, $3, $4 }' | sort >theirs
	wf -d , -f 1 -s count,avg,uniq:2 -n 0 --csv rows | tr -d '\r' | sed 1d |
		awk -F, '{ printf "%s,%d,%.6f,%d\n", $4, $1, $2, $3 }' | sort >ours
	[ "$(wc -l <ours)" -gt 100 ]
	same theirs ours
}

@test "uniq counts the values of lines that have the field, next to sort -u" {
	awk '{ print $1 "\t" $7 }' "$SAMPLE" >table
	sort -u table | cut -f 1 | ranked >all
	head -n 20 all >expected
	wf -d '\t' -f 1 -s uniq:2 -n 20 table | same expected -
	wf -d '\t' -f 1 -s uniq:2 -n 20 --memory 64K -j 3 table | same expected -
}

@test "~uniq is near: within 5 percent of 20,000 values" {
	seq 20000 >log
	n=$(wf -e '(x?)' -s ~uniq:0 log | awk '{ print $1 }')
	[ "$n" -ge 19000 ] && [ "$n" -le 21000 ]
	seq 20000 >>log
	[ "$(wf -e '(x?)' -s ~uniq:0 log | awk '{ print $1 }')" = "$n" ]
}

@test "with patterns: -o counts matches, -E keeps patterns that were not found" {
	printf '%s\n' '1 a a' '2 b' '4 a b' >log
	wf -o -e '[ab]' -s sum,count:1 -s 'n:1>3' log | tr -s ' ' >got
	printf '%s\n' ' 6 3 1 a' ' 6 2 1 b' | same - got
	printf '%s\n' a b zzz >words
	wf -E words -s avg:1 -s count -s 'pct:1>3' -s p50,uniq,~uniq:1 log | tr -s ' ' >got
	printf '%s\n' ' 3 2 50 2 2 2 b' ' 2.5 2 50 1 2 2 a' ' - 0 - - 0 0 zzz' | same - got
	wf -E words -s avg:1 --min 1 log | tr -s ' ' >got
	printf '%s\n' ' 3 b' ' 2.5 a' | same - got
}

@test "a section of a reports file has statistics, --order and --min of its own" {
	tr ';' ' ' <table | sed 's/  / - /' >log
	cat >reports <<'END'
[One]
fields = 1
sum = avg,p50:2
sum = uniq:3
order = -avg
min = 2
[Two]
fields = 1
sum = 2
[Three]
fields = 3
sum = share
sum = avg:2
top = 1
END
	wf --reports reports --csv log 2>errors | tr -d '\r' >got
	same - got <<'END'
report,count,sum,avg_2,p50_2,uniq_3,share,key
One,4,,0.375,0.5,3,,d
One,3,,20,20,2,,a
One,2,,770.5,5,0,,c
One,3,,,,2,,b
Two,2,1541,,,,,c
Two,3,60,,,,,a
Two,4,1.5,,,,,d
Two,3,0,,,,,b
Three,5,,9.75,,,50,x
END
	wf --reports reports log 2>errors | tr -s ' ' >got
	same - got <<'END'
One
 0.375 0.5 3 d
 20 20 2 a
 770.5 5 0 c
 - - 2 b

Two
 1541 2 c
 60 3 a
 1.5 4 d
 0 3 b

Three
 50 9.75 x
END
	wf --reports reports --html log >got 2>errors
	grep -qF '>avg<' got
	grep -qF '>770.5<' got || grep -qF '>771<' got
}

@test "what several runs have saved is merged into the same statistics" {
	head -n 700 "$SAMPLE" >a.log
	sed -n 701,1400p "$SAMPLE" >b.log
	tail -n +1401 "$SAMPLE" >c.log
	options=(-f client -s avg,sd,p50,p99:bytes,uniq,~uniq:url -s 'n,pct:status>=400' -s share --min 2)
	for part in a b c; do
		wf "${options[@]}" --save $part.wfs $part.log
	done
	wf "${options[@]}" --json -n 0 "$SAMPLE" >expected
	wf --merge --json -n 0 c.wfs a.wfs b.wfs | same expected -
	wf --merge --save ab.wfs a.wfs b.wfs
	wf --merge --json -n 0 c.wfs ab.wfs | same expected -
	wf "${options[@]}" --json -n 0 --order -p99 "$SAMPLE" | sed 1d >expected
	wf --merge --json -n 0 --order -p99 c.wfs ab.wfs | sed 1d | same expected -
}

@test "snapshots of other statistics do not mix" {
	wf -f client -s avg:bytes --save a.wfs "$SAMPLE"
	for other in p50:bytes avg:status sum:bytes uniq:bytes count; do
		wf -f client -s $other --save b.wfs "$SAMPLE"
		run -2 --separate-stderr wf --merge a.wfs b.wfs
		[ "$output" = "" ]
	done
}

@test "errors name what there is" {
	refused '*unknown function '\''median'\'' (did you mean '\''p50'\''?); there are count, share, rate, first, last, sum, avg, min, max, sd, p50*uniq, ~uniq, n, pct, std*' -f 1 -s median:2
	refused '*unknown function '\''p0'\''*' -f 1 -s p0:2
	refused '*unknown function '\''p100.1'\''*' -f 1 -s p100.1:2
	refused '*unknown function '\''p50E0'\''*' -f 1 -s p50E0:2
	refused '*--order*p50*no column*count, key, last, avg_2, uniq_3*' -f 1 -s avg:2,uniq:3 --order p50
	refused '*--order*avg*no column*' -f 1 --order avg
	refused '*--order*key*cannot be reversed' -f 1 --order -key
	refused '*--order*last*cannot be reversed' -f 1 -s avg:2 --order -last
	refused '*--order*p50*ambiguous*p50_2, p50_3*' -f 1 -s p50:2,p50:3 --order p50
	refused '*avg_2*given twice*' -f 1 -s avg:2 -s avg:2
	refused "*--order*'p99'*[(]add a statistic: -s 'p99:bytes'); there are count, key, last" -f 1 --order p99
	refused "*'rate' has no field; write only rate*" -f 1 -s rate:2
	refused "*'avg' needs a field*" -f 1 -s count,avg:
	refused "*'pct' needs a condition*" -f 1 -s pct:
	refused "*'std' needs a field*" -f 1 -s std:
	refused '*not a condition*' -f 1 -s n:2
	refused '*--min*not a number*' -f 1 --min x
	run -2 --separate-stderr wf -f client -s avg:nope "$SAMPLE"
	says "*no field 'nope'*"
	for function in p99 avg std uniq p99.9; do
		run -2 --separate-stderr wf -f client -s $function "$SAMPLE"
		says "wf: *: its lines have no field '$function' (the function is written as in -s '$function:bytes'); they have *"
	done
	run -2 --separate-stderr wf -f client -s pct "$SAMPLE"
	says "*no field 'pct' (the function is written as in -s 'pct:status>=500'); they have *"
	for wrong in 'p99(bytes)' 'p99 bytes' 'p99 (bytes)'; do
		run -2 --separate-stderr wf -f client -s "$wrong" "$SAMPLE"
		says "*no field '$wrong' (the function is written as in -s 'p99:bytes'); they have *"
	done
	run -2 --separate-stderr wf -f client -s 'pct:nope=1' "$SAMPLE"
	says "*no field 'nope'*"
}

@test "values that are no numbers are left out, and counted, and said" {
	run -0 --separate-stderr wf -d ';' -f 1 -s count,max:2 table
	says "wf: in 1 of 12 lines '2' is not a number, and is left out"
	run -0 --separate-stderr wf -d ';' -f 1 -s 2 table
	says "wf: in 1 of 12 lines '2' is not a number, and counts as 0"
	run -0 --separate-stderr wf -d ';' -f 1 -s uniq:2,n:2=x table
	[ "$stderr" = "" ]
	accounted 'lines 12, matched 12, not_numbers 1, keys 4' -d ';' -f 1 -s max,p50:2 -s count table
	# Of several fields, any of them may be the one.
	run -0 --separate-stderr wf -d ';' -f 1 -s count,max:2,avg:3,p50:2 table
	says "wf: in ?* of 12 lines '2' or '3' is not a number, and is left out"
}

@test "a line whose number does not fit in 64 bits is left out of all columns" {
	printf '%s\n' 'a;1' 'a;18446744073709551616' 'a;-16777216T' 'a;16777216T' >table
	run -2 --separate-stderr wf -d ';' -f 1 -s count,max:2 table
	[ "$output" = '      1       1 a' ]
	says '*does not fit in 64 bits; 3 lines left out*'
}

@test "a line that one section leaves out is in no section, nor are its values" {
	printf '%s\n' 'a 1 x' 'a 18446744073709551616 y' 'a 3 z' >log
	printf '%s\n' '[One]' 'fields = 1' 'sum = uniq:3' 'sum = p99,count:1' '[Two]' 'fields = 1' 'sum = avg:2' >reports
	run -2 --separate-stderr wf --reports reports log
	[ "$output" = $'One\n      2       -       2 a\n\nTwo\n      2 a' ]
	says '*1 line left out*'
}

# bats test_tags=slow
@test "so many keys that several processes rank them, with much memory and with little" {
	seq 250000 | awk '{ print "k" $1 % 125001 ";" $1 % 997 ";" $1 % 7 }' >table
	awk -F';' '{ sum[$1] += $2; n[$1]++ } END { for (key in n) printf "%.9g;%s\n", sum[key] / n[key], key }' table |
		sort -t';' -k1,1gr -k2 >expected
	for memory in 1G 8M; do
		for jobs in 1 4; do
			wf -d ';' -f 1 -s avg:2 -n 0 -j $jobs --memory $memory table | awk '{ print $1 ";" $2 }' | same expected -
			wf -d ';' -f 1 -s p50,sd:2 -s uniq,~uniq:3 -n 0 --csv -j $jobs --memory $memory table >got.$jobs
			wf -d ';' -f 1 -s uniq:3 -s p50:2 -n 7 --order -p50 -j $jobs --memory $memory table >first.$jobs
		done
		same got.1 got.4
		same first.1 first.4
		[ $memory = 1G ] && cp got.1 got && cp first.1 first
		same got got.1
		same first first.1
	done
	[ "$(wc -l <got)" -eq 125002 ]
	[ "$(sed 1d got | cut -d, -f3 | sort -u | tr '\n' ' ')" = '1 2 ' ]
}

@test "rate, first and last: the times of the lines, and lines per second of the whole period" {
	cat >log <<'END'
192.0.2.1 - - [17/Jun/2007:12:00:10 -0700] "GET /a HTTP/1.1" 200 1
192.0.2.2 - - [17/Jun/2007:12:00:02 -0700] "GET /b HTTP/1.1" 200 1
192.0.2.1 - - [17/Jun/2007:12:00:07 -0700] "GET /a HTTP/1.1" 200 1
192.0.2.1 - - [17/Jun/2007:12:00:12 -0700] "GET /a HTTP/1.1" 200 1
END
	wf -s rate,first,last log >got
	printf '%7s %s %s %s\n' 0.3 2007-06-17T12:00:07 2007-06-17T12:00:12 /a 0.1 2007-06-17T12:00:02 2007-06-17T12:00:02 /b | same - got
	wf -s first --order -first --csv log >got
	printf 'first,count,url\r\n2007-06-17T12:00:02,1,/b\r\n2007-06-17T12:00:07,3,/a\r\n' | same - got
	wf --json -s last,rate log | grep -qF '"last":"2007-06-17T12:00:12","rate":0.3,"key":"/a"'
	for part in 1 2 3 4; do sed -n "${part}p" log >part; wf -s rate,first,last --save $part.wfs part; done
	wf -s rate,first,last log >expected
	wf --merge [1-4].wfs | same expected -
	# A period of no seconds has no rate.
	wf -s rate part >got
	printf '%7s %s\n' - /a | same - got
	refused "wf: -s: 'time' is a time, not a number; there are first and last" -s avg:time
	# A group of a pattern with the name "time" is not the time.
	wf -e 'GET (?<time>\S+)' -f url -s last -n 1 log >got
	printf '2007-06-17T12:00:12 /a\n' | same - got
}

@test "on a narrow terminal, the statistics that have no room are named" {
	on_terminal --columns 45 "$WF" --progress=never --color=never -n 1 -f class -s std:bytes "$SAMPLE" >got
	head -1 got | grep -qE '^COUNT +2XX .* CLASS  \+.*'
	on_terminal --columns 200 "$WF" --progress=never --color=never -n 1 -f class -s std:bytes "$SAMPLE" >got
	head -1 got | grep -qE 'P99  +MAX  CLASS.?$'
	# If one blank between them is enough, none is left out.
	on_terminal --columns 70 "$WF" --progress=never --color=never -n 1 -f class -s std:bytes "$SAMPLE" >got
	head -1 got | grep -qE '5XX MIN .* P99 +MAX CLASS.?$'
	for columns in 40 45 50 55 60 65; do
		on_terminal --columns $columns "$WF" --progress=never --color=never -n 1 -f class -s std:bytes "$SAMPLE" >got
		head -1 got | grep -qE '^COUNT +2XX .* CLASS  \+'
		[ "$(head -1 got | tr -d '\r\n' | wc -c)" -le $columns ]
	done
	# But not between headings that have blanks.
	on_terminal --columns 38 "$WF" --progress=never --color=never -n 1 -f class -s uniq:client,uniq:url,uniq:agent "$SAMPLE" >got
	head -1 got | grep -qE '^UNIQ client  UNIQ url  CLASS  \+UN'
	# A percentage has two decimals, unless it is then nothing.
	for n in 1 $(seq 30000); do echo "$n"; done >numbers
	wf -d , -f 1 -n 2 -s share --format table numbers >got
	printf '%s\n' '   SHARE  1' '   0.01%  1' '0.00333%  10' | same - got
	# A heading may be a long condition.
	long='n:url~^/ongoing/When/200x/2006 and status=200'
	on_terminal --columns 60 "$WF" --progress=never --color=never -n 1 -f class -s "$long" "$SAMPLE" >got
	head -1 got | grep -qaE '^N url~\^/ong[.]{3}status=200  CLASS.?$'
	on_terminal --columns 30 "$WF" --progress=never --color=never -n 1 -f class -s share -s "$long" "$SAMPLE" >got
	head -1 got | grep -qaE '^ SHARE  CLASS  \+N.*[.]{3}.*200.?$'
}
