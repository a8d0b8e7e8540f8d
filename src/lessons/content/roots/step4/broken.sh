test ! -e /srv/tools/reader && test ! -e /proc/sys/fs/binfmt_misc/note &&
  echo 'The file is deleted, and the rule that held it is gone as well: the last copy of reader went with it.'
