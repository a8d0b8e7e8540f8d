/** `set -o` and `shopt`: the names, the letters and the defaults of bash 5.2. */

/** `set -o` names in the order bash lists them, with the letter where there is one. */
export const SET_OPTIONS: readonly (readonly [name: string, letter: string])[] = [
  ['allexport', 'a'],
  ['braceexpand', 'B'],
  ['emacs', ''],
  ['errexit', 'e'],
  ['errtrace', 'E'],
  ['functrace', 'T'],
  ['hashall', 'h'],
  ['histexpand', 'H'],
  ['history', ''],
  ['ignoreeof', ''],
  ['interactive-comments', ''],
  ['keyword', 'k'],
  ['monitor', 'm'],
  ['noclobber', 'C'],
  ['noexec', 'n'],
  ['noglob', 'f'],
  ['nolog', ''],
  ['notify', 'b'],
  ['nounset', 'u'],
  ['onecmd', 't'],
  ['physical', 'P'],
  ['pipefail', ''],
  ['posix', ''],
  ['privileged', 'p'],
  ['verbose', 'v'],
  ['vi', ''],
  ['xtrace', 'x'],
];

/** The letters of `$-` in bash's order. */
export const FLAG_ORDER = 'abefhikmnptuvxBCEHPT';

const SET_ON = ['braceexpand', 'hashall', 'interactive-comments'];

export const SHOPTS: readonly (readonly [name: string, initial: boolean])[] = [
  ['autocd', false],
  ['assoc_expand_once', false],
  ['cdable_vars', false],
  ['cdspell', false],
  ['checkhash', false],
  ['checkjobs', false],
  ['checkwinsize', true],
  ['cmdhist', true],
  ['compat31', false],
  ['compat32', false],
  ['compat40', false],
  ['compat41', false],
  ['compat42', false],
  ['compat43', false],
  ['compat44', false],
  ['complete_fullquote', true],
  ['direxpand', false],
  ['dirspell', false],
  ['dotglob', false],
  ['execfail', false],
  ['expand_aliases', false],
  ['extdebug', false],
  ['extglob', false],
  ['extquote', true],
  ['failglob', false],
  ['force_fignore', true],
  ['globasciiranges', true],
  ['globskipdots', true],
  ['globstar', false],
  ['gnu_errfmt', false],
  ['histappend', false],
  ['histreedit', false],
  ['histverify', false],
  ['hostcomplete', true],
  ['huponexit', false],
  ['inherit_errexit', false],
  ['interactive_comments', true],
  ['lastpipe', false],
  ['lithist', false],
  ['localvar_inherit', false],
  ['localvar_unset', false],
  ['login_shell', false],
  ['mailwarn', false],
  ['no_empty_cmd_completion', false],
  ['nocaseglob', false],
  ['nocasematch', false],
  ['noexpand_translation', false],
  ['nullglob', false],
  ['patsub_replacement', true],
  ['progcomp', true],
  ['progcomp_alias', false],
  ['promptvars', true],
  ['restricted_shell', false],
  ['shift_verbose', false],
  ['sourcepath', true],
  ['varredir_close', false],
  ['xpg_echo', false],
];

const INITIAL: ReadonlySet<string> = new Set([...SET_ON, ...SHOPTS.filter(([, initial]) => initial).map(([name]) => `shopt ${name}`)]);

export class Options {
  private on: ReadonlySet<string>;
  constructor(from?: Options) {
    this.on = from?.on ?? INITIAL;
  }
  /** With just those `names` on. */
  static of(names: readonly string[]): Options {
    const options = new Options();
    options.on = new Set(names);
    return options;
  }
  /** What is on; options of `shopt` begin with "shopt ". */
  names(): string[] {
    return [...this.on];
  }
  set(name: string, value: boolean): void {
    if (this.on.has(name) === value) return;
    const on = new Set(this.on); // copies share theirs until then
    if (value) on.add(name);
    else on.delete(name);
    this.on = on;
  }
  get(name: string): boolean {
    return this.on.has(name);
  }
  shopt(name: string): boolean {
    return this.on.has(`shopt ${name}`);
  }
  setShopt(name: string, value: boolean): void {
    this.set(`shopt ${name}`, value);
  }
}
