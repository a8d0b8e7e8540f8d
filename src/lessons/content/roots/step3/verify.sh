bm=/proc/sys/fs/binfmt_misc
if ! test -e $bm/note; then
  echo 'There is no rule called note.'
  exit 1
fi
if ! grep -q '^flags: .*F' $bm/note; then
  echo 'The rule note does not have the flag F yet.'
  exit 1
fi
unshare -m sh -c 'mount -t tmpfs none /srv/tools; ./shopping.note' > /dev/null 2>&1 && exit 0
echo 'The rule has F, but shopping.note still does not run where /srv/tools is hidden.'
exit 1
