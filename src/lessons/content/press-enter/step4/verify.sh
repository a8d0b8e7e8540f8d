if ! test -f show; then
  echo 'There is no file /root/show yet.'
  exit 1
fi
if ! head -n 1 show | grep -q '^#! *\(/usr\)\?/bin/echo'; then
  echo 'The first line of show does not name /bin/echo as its interpreter.'
  exit 1
fi
if ! test -x show; then
  echo 'show has no x bit yet.'
  exit 1
fi
