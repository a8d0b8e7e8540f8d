if ! test -e by-hand.txt; then
  echo 'There is no by-hand.txt in /root yet.'
  exit 1
fi
if ! grep -q 'This is aarch64' by-hand.txt; then
  echo 'by-hand.txt does not hold the output of hello-aarch64.'
  exit 1
fi
