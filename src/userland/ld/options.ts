/** ld.so's command line. */

export interface ByHand {
  readonly action: 'run' | 'list' | 'verify' | 'version';
  readonly program: string;
  readonly args: readonly string[];
  readonly libraryPath?: string;
  readonly preload?: string;
  readonly argv0?: string;
}

const ACTIONS: Readonly<Record<string, ByHand['action']>> = { '--list': 'list', '--verify': 'verify', '--version': 'version' };
const VALUES: Readonly<Record<string, 'libraryPath' | 'preload' | 'argv0'>> = {
  '--library-path': 'libraryPath',
  '--preload': 'preload',
  '--argv0': 'argv0',
};
/** Options of the real one that are not modelled. */
const UNSUPPORTED = /^--(glibc-hwcaps-.*|inhibit-rpath|audit|list-.*|help)$/;

/** A complaint where the line is wrong. */
export function parseOptions(argv: readonly string[]): ByHand | string {
  let action: ByHand['action'] = 'run';
  const values: { libraryPath?: string; preload?: string; argv0?: string } = {};
  let i = 1;
  for (; i < argv.length; i++) {
    const option = argv[i] ?? '';
    const field = VALUES[option];
    if (option === '--inhibit-cache') continue;
    if (ACTIONS[option] !== undefined) action = ACTIONS[option];
    else if (field !== undefined && i + 1 < argv.length) values[field] = argv[++i] ?? '';
    else if (option.startsWith('-')) return `${UNSUPPORTED.test(option) ? 'unsupported' : 'unrecognized'} option '${option}'`;
    else break;
  }
  const program = argv[i];
  if (action === 'version') return { action, program: '', args: [] };
  return program === undefined ? 'missing program name' : { action, program, args: argv.slice(i + 1), ...values };
}
