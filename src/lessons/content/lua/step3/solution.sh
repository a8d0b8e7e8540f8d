echo ':show:M::\x1bLua::/bin/echo:P' > /proc/sys/fs/binfmt_misc/register
