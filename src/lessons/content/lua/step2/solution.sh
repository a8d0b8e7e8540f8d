echo ':lua:M::\x1bLua::/usr/bin/lua:' > /proc/sys/fs/binfmt_misc/register
