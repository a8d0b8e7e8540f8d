if test -e /srv/tools/reader; then
  echo '/srv/tools/reader is still there.'
  exit 1
fi
./shopping.note > /dev/null 2>&1 && exit 0
echo 'The file is deleted, but shopping.note does not run: the rule has to hold it, with flag F.'
exit 1
