# Mode 0644, as py_compile leaves it.
mkdir -p /srv/app && cp /root/samples/hello.pyc /srv/app/run.pyc && chmod 644 /srv/app/run.pyc
