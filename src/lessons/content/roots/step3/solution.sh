echo -1 > /proc/sys/fs/binfmt_misc/note
echo ':note:E::note::/srv/tools/reader:F' > /proc/sys/fs/binfmt_misc/register
