strace -f -e trace=clone,execve -o trace.txt bash -c 'date; :'
