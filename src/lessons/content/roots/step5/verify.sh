bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/note; then
  echo 'There is no rule called note.'
  exit 1
fi
if test "$(head -n 1 $bm/note)" != disabled; then
  echo 'The rule note is still enabled.'
  exit 1
fi
