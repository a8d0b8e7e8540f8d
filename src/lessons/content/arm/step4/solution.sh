samples/hello-aarch64-dyn 2> loader.txt
