if ! test -e trace.txt; then
  echo 'There is no trace.txt in /root yet.'
  exit 1
fi
if ! grep -q 'execve("/usr/bin/date"' trace.txt; then
  echo 'trace.txt shows no execve of /usr/bin/date.'
  exit 1
fi
