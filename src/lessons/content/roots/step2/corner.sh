mount -t tmpfs none /srv/tools
