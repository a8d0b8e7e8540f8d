if ! test -f hello; then
  echo 'There is no file /root/hello yet.'
  exit 1
fi
if ! test -x hello; then
  echo 'hello has no x bit yet.'
  exit 1
fi
if test "$(head -c 2 hello)" = '#!'; then
  echo 'hello begins with #!. For the next step it has to be plain text: write it as in the first block.'
  exit 1
fi
