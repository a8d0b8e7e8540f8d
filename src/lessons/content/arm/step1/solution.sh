xxd -s 18 -l 2 -p samples/hello-aarch64 > machine.txt
