qemu-aarch64-static samples/hello-aarch64 > by-hand.txt
