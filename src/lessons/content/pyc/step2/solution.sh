strace -e trace=execve -o client.txt /srv/app/run.pyc
