if ! test -e client.txt; then
  echo 'There is no client.txt in /root yet.'
  exit 1
fi
if ! grep -q 'run.pyc.*ENOEXEC' client.txt; then
  echo 'client.txt shows no execve of run.pyc that ended in ENOEXEC.'
  exit 1
fi
