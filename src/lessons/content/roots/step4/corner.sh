rm /srv/tools/reader; echo -1 > /proc/sys/fs/binfmt_misc/note
