if ! test -e /srv/app/run.pyc; then
  echo '/srv/app/run.pyc is gone.'
  exit 1
fi
if ! test -x /srv/app/run.pyc; then
  echo 'run.pyc has no x bit yet.'
  exit 1
fi
