bm=/proc/sys/fs/binfmt_misc
if ! test -x two.sh || test "$(head -c 2 two.sh)" != '#!'; then
  echo 'There is no executable script /root/two.sh that begins with #! yet.'
  exit 1
fi
if ! grep -sqxF 'extension .sh' $bm/*; then
  echo 'No rule for the extension sh is registered yet.'
  exit 1
fi
