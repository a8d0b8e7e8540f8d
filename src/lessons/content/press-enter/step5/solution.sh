printf '#!/root/loop\n' > loop
chmod +x loop
strace -e trace=execve -o loop.txt ./loop
