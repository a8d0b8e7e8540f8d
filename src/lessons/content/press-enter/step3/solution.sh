strace -e trace=execve -o refused.txt ./hello
