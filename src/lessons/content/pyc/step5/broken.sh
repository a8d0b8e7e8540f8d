test ! -e /srv/app/run && test ! -e /srv/app/run.pyc && test ! -e /root/samples/hello.pyc &&
  echo 'Every copy of the program is gone: there is nothing left to run.'
