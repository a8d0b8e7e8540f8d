mkdir -p /srv/tools && cp /bin/echo /srv/tools/reader
