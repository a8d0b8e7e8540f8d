bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/register; then
  echo 'binfmt_misc is not mounted.'
  exit 1
fi
for rule in $bm/*; do
  case $rule in */register | */status) continue ;; esac
  grep -qxF -e 'extension .pyc' -e 'magic a70d0d0a' "$rule" || continue
  if test "$(head -n 1 "$rule")" != enabled || test "$(cat $bm/status)" != enabled; then
    echo "The rule ${rule##*/} is there, but switched off."
    exit 1
  fi
  interpreter=$(sed -n 's/^interpreter //p' "$rule")
  test -x "$interpreter" && exit 0
  echo "The rule ${rule##*/} names $interpreter, which cannot be executed."
  exit 1
done
echo 'No rule for .pyc files is registered yet.'
exit 1
