if ! test -e luac.out; then
  echo 'There is no /root/luac.out yet.'
  exit 1
fi
if test "$(xxd -p -l 5 luac.out)" != 1b4c756154; then
  echo 'luac.out is no bytecode of Lua 5.4.'
  exit 1
fi
if ! test -x luac.out; then
  echo 'luac.out has no x bit yet.'
  exit 1
fi
