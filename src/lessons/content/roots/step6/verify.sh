bm=/proc/sys/fs/binfmt_misc
if ! test -e own.txt; then
  echo 'There is no own.txt in /root yet.'
  exit 1
fi
if ! grep -qx 'after: register status *' own.txt; then
  echo 'own.txt does not show an empty table behind "after".'
  exit 1
fi
if ! test -e $bm/note || test "$(head -n 1 $bm/note)" != enabled; then
  echo "The host's rule note is not enabled."
  exit 1
fi
