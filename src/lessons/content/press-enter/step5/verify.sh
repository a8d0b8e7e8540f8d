if ! test -e loop.txt; then
  echo 'There is no loop.txt in /root yet.'
  exit 1
fi
if ! grep -q ELOOP loop.txt; then
  echo 'loop.txt shows no execve that ended in ELOOP.'
  exit 1
fi
