cd /proc/sys/fs/binfmt_misc
echo -1 > lua
echo ':lua5:M::\x1bLua\x50:\xff\xff\xff\xff\xf0:/usr/bin/lua:' > register
echo ':lua54:M::\x1bLua\x54::/usr/bin/lua5.4:' > register
