#!/usr/bin/env perl
# wf.pl WORKERS FILE [wf1|url|client] -- the one-liner perl -ne 'BODY; END { ... }', written on
# several lines.  WORKERS is ignored.
use strict;
use warnings;

my ($workers, $file, $workload) = (@ARGV, 'wf1');
my %n;

open my $log, '<:raw', $file or die "$file: $!\n";
if ($workload eq 'wf1') {
	while (<$log>) { $n{$1}++ if m{GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) } }
} elsif ($workload eq 'url') {
	while (<$log>) { my @f = split ' ', $_, 8; $n{$f[6]}++ if @f > 6 }
} elsif ($workload eq 'client') {
	while (<$log>) { $n{$1}++ if /^\s*(\S+)/ }
} else {
	exit 64;
}

my @keys = sort { $n{$b} <=> $n{$a} || $a cmp $b } keys %n;
print "$n{$_}: $_\n" for @keys > 10 ? @keys[0 .. 9] : @keys;
