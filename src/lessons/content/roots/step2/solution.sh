cat > inside.sh <<'END'
mount -t tmpfs none /srv/tools
ls -A /srv/tools
ls /proc/sys/fs/binfmt_misc
./shopping.note milk
END
unshare -m sh inside.sh 2> complaint.txt
