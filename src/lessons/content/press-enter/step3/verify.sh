if ! test -e refused.txt; then
  echo 'There is no refused.txt in /root yet.'
  exit 1
fi
if ! grep -q 'hello.*ENOEXEC' refused.txt; then
  echo 'refused.txt shows no execve of hello that ended in ENOEXEC.'
  exit 1
fi
