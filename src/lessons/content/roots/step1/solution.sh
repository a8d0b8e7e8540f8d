echo ':note:E::note::/srv/tools/reader:' > /proc/sys/fs/binfmt_misc/register
touch shopping.note
chmod +x shopping.note
