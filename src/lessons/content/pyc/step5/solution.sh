mv /srv/app/run.pyc /srv/app/run
echo ':python3.11:M::\xa7\x0d\x0d\x0a::/usr/bin/python3.11:' > /proc/sys/fs/binfmt_misc/register
