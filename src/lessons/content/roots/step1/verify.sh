bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/note; then
  echo 'There is no rule called note yet.'
  exit 1
fi
if ! grep -qxF 'extension .note' $bm/note || ! grep -qxF 'interpreter /srv/tools/reader' $bm/note; then
  echo 'The rule note does not hand files ending in .note to /srv/tools/reader.'
  exit 1
fi
if ! test -x shopping.note; then
  echo 'There is no executable file /root/shopping.note yet.'
  exit 1
fi
