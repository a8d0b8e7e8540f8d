mountpoint -q /srv/tools || exit 1
echo 'A file system is mounted over /srv/tools on the host itself, so the interpreter is hidden here, too. (umount /srv/tools takes it away as well.)'
