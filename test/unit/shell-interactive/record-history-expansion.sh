#!/bin/bash
# Asks the real bash how it expands each line of history-expansion.txt after the same commands; writes recorded/history-expansion.json.
cd "$(dirname "$0")" || exit 1
work=$(mktemp -d)
quote() { node -e 'process.stdout.write(JSON.stringify(require("fs").readFileSync(0, "utf8")))'; }
cat > "$work/entries" <<'END'
echo one two three
cp a/b/c.txt "x y" z
for i in 1 2; do ls -l $i|wc; done >out 2>&1
vi src/main.c+x
END
exec 3> recorded/history-expansion.json
first=1
printf '[' >&3
while IFS= read -r line; do
  # The line with `set -n` is the newest entry; nothing after it runs.
  printf 'set -o history -H\nhistory -c; history -r %s/entries\nset -n\n%s\n' "$work" "$line" > "$work/script"
  out=$(LC_ALL=C.UTF-8 HISTFILE=/dev/null bash --norc "$work/script" 2>&1 | grep -v 'unexpected EOF while\|syntax error\|line [0-9]*: `' | sed "s,^$work/script: line [0-9]*,ERROR,")
  [ $first = 1 ] || printf ',' >&3
  first=0
  printf '\n  {"line": %s, "out": %s}' "$(printf %s "$line" | quote)" "$(printf %s "$out" | quote)" >&3
done < history-expansion.txt
printf '\n]\n' >&3
rm -r "$work"
