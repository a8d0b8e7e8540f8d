bm=/proc/sys/fs/binfmt_misc
if test -e $bm/arm; then
  echo 'The rule arm, the one without a mask, is still there.'
  exit 1
fi
if ! grep -sq '^interpreter .*qemu-aarch64' $bm/*; then
  echo 'No rule hands programs to qemu-aarch64-static yet.'
  exit 1
fi
samples/hello-aarch64 > /dev/null 2>&1 && exit 0
echo 'A rule is there, but samples/hello-aarch64 does not run.'
exit 1
