rm /srv/tools/reader
