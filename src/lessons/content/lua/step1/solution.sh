echo "print 'hello from lua'" | luac -
chmod +x luac.out
