bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/lua; then
  echo 'There is no rule called lua yet.'
  exit 1
fi
if ! grep -qxF 'magic 1b4c7561' $bm/lua || ! grep -qxF 'offset 0' $bm/lua; then
  echo 'The rule lua does not look for the bytes 1b 4c 75 61 at the start of the file.'
  exit 1
fi
if ! grep -qx 'interpreter /usr/bin/lua\(5.4\)\?' $bm/lua; then
  echo "The rule lua has another interpreter: $(sed -n 's/^interpreter //p' $bm/lua)."
  exit 1
fi
./luac.out 2> /dev/null | grep -q . && exit 0
echo 'The rule looks right, but ./luac.out still does not run.'
exit 1
