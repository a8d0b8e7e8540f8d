bm=/proc/sys/fs/binfmt_misc
if test -e $bm/show; then
  echo 'The rule show is still there.'
  exit 1
fi
if ! test -e $bm/lua; then
  echo 'The rule lua is gone; it was to stay.'
  exit 1
fi
if test "$(head -n 1 $bm/lua)" != enabled || test "$(cat $bm/status)" != enabled; then
  echo 'The rule lua is switched off.'
  exit 1
fi
