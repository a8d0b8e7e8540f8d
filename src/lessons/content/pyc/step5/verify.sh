bm=/proc/sys/fs/binfmt_misc
if ! test -x /srv/app/run; then
  echo 'There is no executable file /srv/app/run yet.'
  exit 1
fi
for rule in $bm/*; do
  case $rule in */register | */status) continue ;; esac
  grep -qxF 'magic a70d0d0a' "$rule" && grep -qxF 'offset 0' "$rule" && grep -qxF enabled "$rule" && exit 0
done
echo 'No rule for the magic number a7 0d 0d 0a is registered yet.'
exit 1
