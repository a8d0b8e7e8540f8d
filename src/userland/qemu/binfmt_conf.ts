/** /usr/sbin/qemu-binfmt-conf.sh: a shell script that registers the emulators, with the options of QEMU's own. */
import { escaped, FAMILIES, UPSTREAM } from './rules.ts';

/** The script's text; it runs in the machine's own shell. */
export function binfmtConfScript(): string {
  return [HEAD, cpuTable(), families(), BODY].join('\n');
}

const HEAD = `#!/bin/sh
# Registers QEMU's user-mode emulators with binfmt_misc. Options as those of the script in QEMU's sources.
`;

function cpuTable(): string {
  const list = UPSTREAM.map(([cpu]) => cpu).join(' ');
  const rows = UPSTREAM.map(([cpu, family, magic, mask, emulator]) => {
    const shown = escaped(magic).replace('\\x45\\x4c\\x46', 'ELF');
    return `    ${cpu}) family=${family} emulator=${emulator ?? cpu}\n      magic='${shown}'\n      mask='${escaped(mask)}' ;;\n`;
  });
  return `cpus="${list}"\n\nrule_of() {\n  case "$1" in\n${rows.join('')}    *) return 1 ;;\n  esac\n}\n`;
}

function families(): string {
  const rows = FAMILIES.map(([patterns, family]) => `    ${patterns.map(pattern).join(' | ')}) echo ${family} ;;\n`);
  return `family_of() {\n  case "$1" in\n${rows.join('')}    *) echo "$1" ;;\n  esac\n}\n`;
}

const pattern = (text: string): string => (text.includes(' ') ? `"${text}"` : text);

const BODY = `usage() {
  cat <<EOF
Usage: qemu-binfmt-conf.sh [--qemu-path PATH][--debian][--systemd CPU]
                           [--help][--credential yes|no][--exportdir PATH]
                           [--persistent yes|no][--qemu-suffix SUFFIX]
                           [--preserve-argv0 yes|no]

  Tells binfmt_misc which emulator runs the programs of which CPU.

  --help                   show this text
  --qemu-path PATH         directory of the emulators (/usr/local/bin)
  --qemu-suffix SUFFIX     what follows qemu-CPU in an emulator's name
  --persistent yes|no      open the emulator now and keep it (flag F)
  --credential yes|no      credentials from the program, not the emulator (flag C)
  --preserve-argv0 yes|no  hand over the program's argv[0] (flag P)
  --systemd CPU|ALL        write files for systemd-binfmt instead
  --debian                 write templates for update-binfmts instead
  --exportdir DIR          where to (/etc/binfmt.d, /usr/share/binfmts)

  HOST_ARCH in the environment overrides what uname -m says.

  CPU is one of:

      $cpus

EOF
}

check_access() {
  if [ ! -w "$1" ]; then
    echo "ERROR: cannot write to $1" 1>&2
    exit 1
  fi
}

mount_if_needed() {
  if [ ! -f "$register" ]; then
    mount binfmt_misc -t binfmt_misc /proc/sys/fs/binfmt_misc || exit 1
  fi
}

line_of() {
  flags=""
  [ "$credential" = yes ] && flags=OC
  [ "$persistent" = yes ] && flags="\${flags}F"
  [ "$preserve_argv0" = yes ] && flags="\${flags}P"
  echo ":qemu-$1:M::$magic:$mask:$path:$flags"
}

register_rule() {
  echo "Setting $path as binfmt interpreter for $1"
  line_of "$1" > "$register"
}

write_systemd() {
  echo "Setting $path as binfmt interpreter for $1 for systemd-binfmt.service"
  line_of "$1" > "$exportdir/qemu-$1.conf"
}

write_debian() {
  cat > "$exportdir/qemu-$1" <<EOF
package qemu-$1
interpreter $path
magic $magic
mask $mask
credentials $credential
preserve $preserve_argv0
fix_binary $persistent
EOF
}

each_cpu() {
  host=$(family_of "\${HOST_ARCH:-$(uname -m)}")
  for cpu in $wanted; do
    rule_of "$cpu"
    path="$qemu_path/qemu-$emulator$suffix"
    if [ "$host" != "$family" ]; then
      "$action" "$cpu"
    fi
  done
}

bad_cpu() {
  echo "ERROR: unknown CPU \\"$1\\"" 1>&2
  usage
  exit 1
}

register=/proc/sys/fs/binfmt_misc/register
action=register_rule
wanted=$cpus
exportdir=
qemu_path=/usr/local/bin
suffix=
credential=no
persistent=no
preserve_argv0=no

while [ $# -gt 0 ]; do
  option=$1
  case "$option" in
    --*=*) value=\${option#*=} option=\${option%%=*} given=1 ;;
    *) value=\${2-} given=2 ;;
  esac
  case "$option" in
    --help | -h)
      usage
      exit 1 ;;
    --debian | -d)
      action=write_debian
      given=1 ;;
    --systemd | -s)
      action=write_systemd
      if [ "$value" != ALL ]; then
        rule_of "$value" || bad_cpu "$value"
        wanted=$value
      fi ;;
    --qemu-path | -Q) qemu_path=$value ;;
    --qemu-suffix | -F) suffix=$value ;;
    --exportdir | -e) exportdir=$value ;;
    --credential | -c) credential=$value ;;
    --persistent | -p) persistent=$value ;;
    --preserve-argv0 | -g) preserve_argv0=$value ;;
    *)
      echo "ERROR: unknown option $option" 1>&2
      usage
      exit 1 ;;
  esac
  [ $# -lt $given ] && given=$#
  shift $given
done

case "$action" in
  register_rule)
    mount_if_needed
    check_access "$register" ;;
  write_systemd)
    exportdir=\${exportdir:-/etc/binfmt.d}
    check_access "$exportdir" ;;
  write_debian)
    exportdir=\${exportdir:-/usr/share/binfmts}
    check_access "$exportdir" ;;
esac
each_cpu
`;
