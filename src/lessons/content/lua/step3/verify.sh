bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/show; then
  echo 'There is no rule called show yet.'
  exit 1
fi
if ! grep -qxF 'magic 1b4c7561' $bm/show; then
  echo 'The rule show does not look for the bytes of Lua.'
  exit 1
fi
if ! grep -q '^flags: .*P' $bm/show; then
  echo 'The rule show does not have the flag P yet.'
  exit 1
fi
