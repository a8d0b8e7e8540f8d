bm=/proc/sys/fs/binfmt_misc
if test -e $bm/lua; then
  echo 'The wide rule lua is still there.'
  exit 1
fi
if ! test -e $bm/lua54 || ! grep -qxF 'magic 1b4c756154' $bm/lua54; then
  echo 'There is no rule lua54 for the bytes 1b 4c 75 61 54 yet.'
  exit 1
fi
if ! test -e $bm/lua5 || ! grep -qxF 'mask fffffffff0' $bm/lua5 || ! grep -qx 'magic 1b4c75615.' $bm/lua5; then
  echo 'There is no rule lua5 with the mask ff ff ff ff f0 yet.'
  exit 1
fi
if ! ls -U $bm | grep -m 1 '^lua' | grep -qx lua54; then
  echo 'Both rules are there, but lua5 is asked before lua54: it takes every 5.4, too.'
  exit 1
fi
