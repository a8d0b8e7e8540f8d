if ! test -e magic.txt; then
  echo 'There is no magic.txt in /root yet.'
  exit 1
fi
if test "$(tr -d ' \n' < magic.txt)" != a70d0d0a; then
  echo 'magic.txt does not hold the first four bytes of run.pyc as hex digits.'
  exit 1
fi
