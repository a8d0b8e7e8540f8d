bm=/proc/sys/fs/binfmt_misc
if grep -sq '^interpreter .*qemu-x86_64' $bm/*; then
  echo 'There is a rule for x86-64 programs, on an x86-64 machine.'
  exit 1
fi
for cpu in aarch64 arm riscv64 s390x; do
  grep -sq "^interpreter .*qemu-$cpu" $bm/* && continue
  echo "No rule for $cpu yet."
  exit 1
done
for program in samples/hello-aarch64 samples/hello-s390x; do
  $program > /dev/null 2>&1 && continue
  echo "The rules are there, but $program does not run: do they name the emulators that this machine has?"
  exit 1
done
