echo ':python-pyc:E::pyc::/usr/bin/python3:' > /proc/sys/fs/binfmt_misc/register
strace -e trace=execve -o developers.txt /srv/app/run.pyc
