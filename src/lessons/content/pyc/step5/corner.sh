rm -r /srv/app /root/samples
