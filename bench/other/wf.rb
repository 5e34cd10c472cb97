#!/usr/bin/env ruby
# wf.rb WORKERS FILE [wf1] -- in the style of Tim Bray's program of 2007: a hash with the default
# value 0, a loop over the lines, =~, and the keys sorted by their counts.
#
# The difference: this program reads bytes.  Since Ruby 1.9 a string has an encoding, but the
# encoding of a log is unknown.  WORKERS is ignored.
exit 64 unless ARGV.fetch(2, 'wf1') == 'wf1'

counts = {}
counts.default = 0

File.open(ARGV[1], 'rb').each_line do |line|
  if line =~ %r{GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) }n
    counts[$1] += 1
  end
end

keys_by_count = counts.keys.sort { |a, b| [counts[b], a] <=> [counts[a], b] }
keys_by_count[0 .. 9].each do |key|
  puts "#{counts[key]}: ".b + key
end
