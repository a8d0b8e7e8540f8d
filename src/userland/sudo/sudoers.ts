/** The language of /etc/sudoers: its lines, and where one is wrong. Follows sudo 1.9.13. */

/** One entry of a list: ALL, a name, %group, #uid, an alias, or a command. */
export interface Member {
  readonly negated: boolean;
  readonly name: string;
  /** Of a command: null takes any arguments. */
  readonly args?: string | null;
}

export interface Tags {
  readonly NOPASSWD?: boolean;
  readonly SETENV?: boolean;
}

export interface CommandSpec {
  /** Null: root, as said by no list at all. */
  readonly users: readonly Member[] | null;
  readonly groups: readonly Member[] | null;
  readonly tags: Tags;
  readonly command: Member;
}

export interface Privilege {
  readonly hosts: readonly Member[];
  readonly commands: readonly CommandSpec[];
}

export interface UserSpec {
  readonly users: readonly Member[];
  readonly privileges: readonly Privilege[];
}

export interface Default {
  /** Whom it binds: '' everyone, ':' users, '@' hosts, '>' targets, '!' commands. */
  readonly scope: '' | ':' | '@' | '>' | '!';
  readonly members: readonly Member[];
  readonly name: string;
  readonly op: '' | '!' | '=' | '+=' | '-=';
  readonly value: string;
}

export type Line =
  | { readonly kind: 'alias'; readonly type: AliasType; readonly name: string; readonly members: readonly Member[] }
  | { readonly kind: 'defaults'; readonly defaults: readonly Default[] }
  | { readonly kind: 'include' | 'includedir'; readonly path: string }
  | { readonly kind: 'user'; readonly spec: UserSpec };
export type AliasType = 'User_Alias' | 'Runas_Alias' | 'Host_Alias' | 'Cmnd_Alias';

/** What is wrong with a line, and where; both counted from 1. Where `width` is 0 the line is not shown. */
export class SudoersError {
  constructor(
    readonly line: number,
    readonly column: number,
    readonly message: string,
    readonly text: string,
    readonly width: number,
  ) {}
}

/** The lines of a file. One that is wrong is said to be, and the rest holds. */
export function parseSudoers(text: string): { lines: Line[]; errors: SudoersError[] } {
  const lines: Line[] = [];
  const errors: SudoersError[] = [];
  const names = new Set<string>();
  let number = 0;
  for (const logical of text.replace(/\n$/, '').split(/(?<!\\)\n/)) {
    number += logical.split('\n').length;
    try {
      lines.push(...new Parser(logical, number, names, errors).line());
    } catch (e) {
      if (!(e instanceof SudoersError)) throw e;
      errors.push(e);
    }
  }
  return { lines, errors };
}

const ALIAS = /^(?:User|Runas|Host|Cmnd|Cmd)_Alias(?=\s)/;
const TAG = /^(NO)?(PASSWD|SETENV|EXEC|FOLLOW|LOG_INPUT|LOG_OUTPUT|MAIL|INTERCEPT)\s*:/;
const OPTION = /^(?:ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT)=/;
/** Settings that change nothing here, beside those that do. */
const KNOWN = new Set(
  (
    'env_reset env_keep env_check env_delete secure_path setenv authenticate passwd_tries passprompt badpass_message timestamp_timeout targetpw ' +
    'rootpw runaspw runas_default requiretty umask set_home always_set_home root_sudo listpw verifypw use_pty mail_badpass mail_always mail_no_user ' +
    'mail_no_host mail_no_perms mailto mailfrom mailsub mailerpath mailerflags insults lecture lecture_file log_input log_output log_host log_year ' +
    'logfile loglinelen syslog syslog_goodpri syslog_badpri syslog_maxlen fqdn ignore_dot ignore_local_sudoers tty_tickets timestamp_type ' +
    'timestampdir timestampowner long_otp_prompt preserve_groups stay_setuid env_editor editor visiblepw pwfeedback passwd_timeout ' +
    'path_info set_logname shell_noargs noexec match_group_by_gid closefrom closefrom_override fast_glob umask_override user_command_timeouts ' +
    'command_timeout exempt_group group_plugin iolog_dir iolog_file maxseq pam_service pam_login_service pam_session pam_setcred ' +
    'restricted_env_file env_file sudoedit_checkdir sudoedit_follow netgroup_tuple compress_io exec_background always_query_group_plugin ' +
    'runas_allow_unknown_id runas_check_shell legacy_group_processing log_allowed log_denied log_exit_status admin_flag case_insensitive_user ' +
    'case_insensitive_group intercept intercept_allow_setid intercept_authenticate intercept_verify log_subcmds log_format passprompt_regex rlimit_core'
  ).split(' '),
);

class Parser {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly number: number,
    private readonly names: Set<string>,
    private readonly errors: SudoersError[],
  ) {}

  line(): Line[] {
    this.blanks();
    const include = /^[@#]include(dir)?\s+("?)(.*?)\2\s*$/.exec(this.rest);
    if (include) return [{ kind: include[1] ? 'includedir' : 'include', path: include[3] ?? '' }];
    if (this.ended) return [];
    const alias = ALIAS.exec(this.rest)?.[0];
    if (alias) return this.aliases((alias === 'Cmd_Alias' ? 'Cmnd_Alias' : alias) as AliasType, alias.length);
    if (/^Defaults(?=[\s@:!>]|$)/.test(this.rest)) return [this.defaults()];
    return [this.userSpec()];
  }

  private get rest(): string {
    return this.text.slice(this.at);
  }
  private blanks(): void {
    this.at += /^(?:\s|\\\n)*/.exec(this.rest)?.[0].length ?? 0;
  }
  /** At the end, or where a comment begins: a number after the # is a uid. */
  private get ended(): boolean {
    return /^(?:$|#(?!-?\d))/.test(this.rest);
  }

  private wrong(message = 'syntax error'): never {
    const token = this.ended ? '' : (/^(?:[\w./*?%@+-]+|.)/.exec(this.rest)?.[0] ?? '');
    throw this.error(message, Math.max(1, token.length));
  }
  private error(message: string, width: number): SudoersError {
    const column = this.ended ? this.text.trimEnd().length : this.at;
    return new SudoersError(this.number, column + 1, message, this.text, width);
  }

  private accept(token: string): boolean {
    this.blanks();
    if (!this.rest.startsWith(token)) return false;
    this.at += token.length;
    this.blanks();
    return true;
  }
  private expect(token: string): void {
    if (!this.accept(token)) this.wrong();
  }
  private end(): void {
    this.blanks();
    if (!this.ended) this.wrong();
  }

  private take(pattern: RegExp): string {
    this.blanks();
    const word = this.ended ? undefined : pattern.exec(this.rest)?.[0];
    if (!word) this.wrong();
    this.at += word.length;
    return word;
  }

  private list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  private negation(): boolean {
    let negated = false;
    while (this.accept('!')) negated = !negated;
    return negated;
  }

  private member = (): Member => {
    const negated = this.negation();
    return { negated, name: unquote(this.take(/^(?:"[^"]*"|(?:\\.|[^\s,=:()!"\\])+)/)) };
  };

  private aliases(type: AliasType, length: number): Line[] {
    this.at += length;
    const all: Line[] = [];
    do {
      const name = this.take(/^[A-Z][A-Z0-9_]*(?![\w])/);
      this.expect('=');
      const members = this.list(type === 'Cmnd_Alias' ? this.command : this.member);
      if (this.names.has(type + name)) this.wrong(`Alias "${name}" already defined`);
      this.names.add(type + name);
      all.push({ kind: 'alias', type, name, members });
    } while (this.accept(':'));
    this.end();
    return all;
  }

  private defaults(): Line {
    this.at += 'Defaults'.length;
    const scope = (/^[:@>!](?=\S)/.exec(this.rest)?.[0] ?? '') as Default['scope'];
    this.at += scope.length;
    const members = scope === '' ? [] : this.list(this.member);
    const defaults = this.list(() => this.setting(scope, members));
    this.end();
    return { kind: 'defaults', defaults };
  }

  private setting(scope: Default['scope'], members: readonly Member[]): Default {
    const negated = this.negation();
    const name = this.take(/^[a-z]\w*/);
    this.blanks();
    const op = (negated ? '!' : (/^[+-]?=/.exec(this.rest)?.[0] ?? '')) as Default['op'];
    if (!negated) this.at += op.length;
    this.blanks();
    if (!KNOWN.has(name)) this.errors.push(this.error(`unknown defaults entry "${name}"`, 0));
    const value = op === '' || op === '!' ? '' : unquote(this.take(/^(?:"[^"]*"|(?:\\.|[^\s,"\\])+)/));
    return { scope, members, name, op, value };
  }

  private userSpec(): Line {
    const users = this.list(this.member);
    const privileges: Privilege[] = [];
    do privileges.push(this.privilege());
    while (this.accept(':'));
    this.end();
    return { kind: 'user', spec: { users, privileges } };
  }

  private privilege(): Privilege {
    const hosts = this.list(this.member);
    this.expect('=');
    let before: Omit<CommandSpec, 'command'> = { users: null, groups: null, tags: {} };
    const commands = this.list(() => {
      before = { ...before, ...this.runas() };
      before = { ...before, tags: { ...before.tags, ...this.tags() } };
      return { ...before, command: this.command() };
    });
    return { hosts, commands };
  }

  private runas(): Pick<CommandSpec, 'users' | 'groups'> | null {
    if (!this.accept('(')) return null;
    const users = /^[:)]/.test(this.rest) ? [] : this.list(this.member);
    const groups = this.accept(':') && !this.rest.startsWith(')') ? this.list(this.member) : [];
    this.expect(')');
    return { users, groups };
  }

  private tags(): Tags {
    const tags: Record<string, boolean> = {};
    for (;;) {
      this.blanks();
      if (OPTION.test(this.rest)) this.wrong('this option is not modelled');
      const m = TAG.exec(this.rest);
      if (!m) return tags;
      this.at += m[0].length;
      const no = m[1] !== undefined;
      if (m[2] === 'PASSWD') tags['NOPASSWD'] = no;
      else if (m[2] === 'SETENV') tags['SETENV'] = !no;
      else if (m[2] === 'EXEC' && no) this.wrong('NOEXEC is not modelled');
    }
  }

  private command = (): Member => {
    const negated = this.negation();
    this.blanks();
    const start = this.at;
    const word = this.take(/^(?:\\.|[^\s,=:()!\\])+/);
    if (/^(?:ALL|[A-Z][A-Z0-9_]*)$/.test(word)) return { negated, name: word, args: null };
    if (word !== 'sudoedit' && word !== 'list' && !word.startsWith('/')) {
      this.at = start;
      this.wrong('expected a fully-qualified path name');
    }
    const args = /^[ \t]+((?:\\.|[^\\,:=#\n])*)/.exec(this.rest);
    this.at += args?.[0].length ?? 0;
    const said = args?.[1]?.trim() ?? '';
    return { negated, name: word, args: said === '' ? null : said === '""' ? '' : said.replace(/\\([:,= \t#])/g, '$1') };
  };
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1) : word.replace(/\\(.)/g, '$1');
}
