if ! test -e machine.txt; then
  echo 'There is no machine.txt in /root yet.'
  exit 1
fi
if test "$(tr -d ' \n' < machine.txt)" != b700; then
  echo 'machine.txt does not hold bytes 18 and 19 of hello-aarch64 as hex digits.'
  exit 1
fi
