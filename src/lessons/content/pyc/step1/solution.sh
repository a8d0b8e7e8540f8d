chmod +x /srv/app/run.pyc
