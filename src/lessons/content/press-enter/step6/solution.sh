printf '#!/bin/sh\necho "taken by the script format"\n' > two.sh
chmod +x two.sh
echo ':two:E::sh::/usr/bin/echo:' > /proc/sys/fs/binfmt_misc/register
