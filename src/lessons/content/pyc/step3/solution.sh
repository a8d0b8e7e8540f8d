xxd -p -l 4 /srv/app/run.pyc > magic.txt
