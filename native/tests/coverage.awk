# Reads gcov -n output: lines per file of native/core, and the sum; exits 1 below 95 %.
/^File '/ { file = $0; gsub(/^File '|'$/, "", file) }
/^Lines executed:/ && file ~ /(^|\/)core\// {
  split($0, part, /[:% ]+/)
  percent = part[3]; lines = $NF
  # A header is reported with every file that includes it: its best run counts.
  if (!(file in total) || percent > best[file]) { best[file] = percent; total[file] = lines }
  file = ""
}
END {
  for (f in total) { printf "%6.2f %%  %4d lines  %s\n", best[f], total[f], f | "sort -k5"; all += total[f]; hit += total[f] * best[f] / 100 }
  close("sort -k5")
  if (all == 0) { print "no coverage data"; exit 1 }
  printf "%6.2f %%  %4d lines  native/core\n", 100 * hit / all, all
  exit (100 * hit / all < 95)
}
