echo 'echo "Hello, this is $0."' > hello
chmod +x hello
