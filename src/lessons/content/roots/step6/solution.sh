cat > own.sh <<'END'
echo "before: $(ls /proc/sys/fs/binfmt_misc | tr '\n' ' ')"
mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
echo "after: $(ls /proc/sys/fs/binfmt_misc | tr '\n' ' ')"
END
unshare -Urm sh own.sh > own.txt
echo 1 > /proc/sys/fs/binfmt_misc/note
