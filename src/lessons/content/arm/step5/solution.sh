echo -1 > /proc/sys/fs/binfmt_misc/status
qemu-binfmt-conf.sh --qemu-path /usr/bin --qemu-suffix -static
