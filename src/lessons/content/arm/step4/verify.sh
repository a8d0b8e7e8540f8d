if ! test -e loader.txt; then
  echo 'There is no loader.txt in /root yet.'
  exit 1
fi
if ! grep -q 'ld-linux-aarch64' loader.txt; then
  echo 'loader.txt does not name the missing loader.'
  exit 1
fi
