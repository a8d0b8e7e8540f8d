unshare -m sh -c 'echo 0 > /proc/sys/fs/binfmt_misc/note'
