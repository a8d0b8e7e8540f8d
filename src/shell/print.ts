/** Commands as text, laid out as bash prints functions, jobs and the insides of `$( )`. Follows print_cmd.c. */
import type {
  AndOr,
  ArithmeticFor,
  Assignment,
  Case,
  Command,
  For,
  FunctionDefinition,
  Group,
  If,
  List,
  Pipeline,
  Redirection,
  Simple,
  Statement,
  Test,
  While,
} from './ast.ts';

/** `f () \n{ \n    …\n}` as `declare -f` shows it. */
export function printFunction(f: FunctionDefinition): string {
  return printed((p) => p.definition(f));
}
export function printCommand(c: Command): string {
  return printed((p) => p.command(c));
}
/** The head of a loop or `case`; another command whole: BASH_COMMAND. */
export function printHead(c: Command): string {
  if (c.type === 'for' || c.type === 'select') return `${c.type} ${c.name} in ${c.words ? c.words.join(' ') : '"$@"'}`;
  return c.type === 'case' ? `case ${c.word} in ` : printCommand(c);
}
export function printPipeline(p: Pipeline): string {
  return printed((printer) => printer.pipeline(p));
}
export function printAndOr(a: AndOr): string {
  return printed((p) => p.andOr(a));
}
/** What bash keeps of the inside of a `$( )` that it has read: newlines between commands stay. */
export function printSubstitution(l: List): string {
  return printed((p) => p.list(l), true);
}

function printed(print: (p: Printer) => void, substitution = false): string {
  const p = new Printer(substitution);
  print(p);
  return p.out;
}

const STEP = 4;

class Printer {
  out = '';
  private indentation = 0;
  /** The next command stands where the one before left off. */
  private sameLine = true;
  /** Only there does each command of a list get a line of its own. */
  private inFunction = false;
  /** How many lists, pipelines, `&&` are around: a here-document's body waits for what joins them. */
  private joined = 0;
  private deferred: Redirection[] = [];
  private afterBody = false;

  constructor(private readonly substitution: boolean) {}

  private indent(): void {
    if (!this.sameLine) this.out += ' '.repeat(this.indentation);
    this.sameLine = false;
  }
  private newline(text = ''): void {
    this.out += `\n${' '.repeat(this.indentation)}${text}`;
  }
  private semicolon(): void {
    if (!/[&\n]$/.test(this.out)) this.out += ';';
  }

  definition(f: FunctionDefinition): void {
    const redirected = f.body.type === 'redirected' && f.body.command.type === 'group' ? f.body : undefined;
    const body = redirected ? redirected.command : f.body;
    const around = this.inFunction;
    this.out += `${f.name} () \n${' '.repeat(this.indentation)}{ \n`;
    this.inFunction = true;
    this.deeper(() => (body.type === 'group' ? this.list(body.body) : this.command(body)));
    this.inFunction = around;
    this.newline('}');
    this.afterBody = false;
    if (redirected) this.redirections(redirected.redirections);
  }

  /** What stands in a compound command, on lines of its own. */
  private deeper(print: () => void): void {
    this.indentation += STEP;
    this.sameLine = false;
    print();
    this.bodies('');
    this.indentation -= STEP;
  }
  private block(l: List): void {
    this.deeper(() => this.list(l));
  }
  private inline(l: List): void {
    this.sameLine = true;
    this.list(l);
  }

  list(l: List): void {
    const joined = l.length > 1 || l[0]?.background === true;
    if (joined) this.joined++;
    l.forEach((s, i) => {
      this.andOr(s.command);
      if (i > 0 && !s.background) this.bodies('');
      if (s.background) this.background(i === l.length - 1);
      else if (i < l.length - 1) this.separator(s);
    });
    if (!joined) return;
    this.bodies('');
    this.joined--;
  }

  private background(last: boolean): void {
    this.bodies(' &');
    if (last) return;
    this.out += ' ';
    this.sameLine = true;
  }

  private separator(s: Statement): void {
    const newline = this.substitution && s.newline;
    const plain = this.deferred.length === 0 && !this.afterBody;
    if (this.deferred.length > 0) this.bodies(this.inFunction ? '' : ';');
    else {
      if (!this.afterBody) this.out += newline ? '\n' : ';';
      this.afterBody = false;
    }
    if (this.inFunction || (newline && !plain)) this.out += '\n';
    else {
      if (!newline) this.out += ' ';
      this.sameLine = true;
    }
  }

  /** Here-documents whose bodies waited for `joint`. */
  private bodies(joint: string): void {
    const shown = joint === ';' ? '' : joint;
    this.out += shown;
    if (this.deferred.length === 0) return;
    this.hereDocuments(this.deferred.splice(0));
    if (shown !== '') this.out += ' ';
  }
  private hereDocuments(list: readonly Redirection[]): void {
    this.out += '\n';
    for (const r of list) this.out += `${r.body}${delimiter(r)}\n`;
    this.afterBody = true;
  }

  andOr(a: AndOr): void {
    if (a.pipelines.length > 1) this.joined++;
    a.pipelines.forEach((p, i) => {
      if (i > 0) this.joint(` ${a.operators[i - 1]} `);
      this.pipeline(p);
      if (i > 0) this.bodies('');
    });
    if (a.pipelines.length > 1) this.endJoined();
  }
  private joint(text: string): void {
    this.bodies(text);
    this.sameLine = true;
  }
  private endJoined(): void {
    this.bodies('');
    this.joined--;
  }

  pipeline(p: Pipeline): void {
    if (p.commands.length > 1) this.joined++;
    this.indent();
    this.sameLine = true;
    this.out += (p.timed === 'no' ? '' : p.timed === 'posix' ? 'time -p ' : 'time ') + '! '.repeat(p.negations);
    p.commands.forEach((c, i) => {
      if (i > 0) {
        this.bodies(p.both[i - 1] ? ' 2>&1 |' : ' |');
        this.out += ' ';
        this.sameLine = true;
      }
      this.command(c);
    });
    if (p.commands.length > 1) this.endJoined();
  }

  command(c: Command): void {
    this.indent();
    switch (c.type) {
      case 'simple':
        return this.simple(c);
      case 'redirected':
        this.sameLine = true;
        this.command(c.command);
        return this.redirections(c.redirections);
      case 'group':
        return this.group(c);
      case 'subshell':
        return this.subshell(c);
      case 'if':
        return this.if(c);
      case 'for':
      case 'select':
        return this.for(c);
      case 'arithmetic-for':
        return this.arithmeticFor(c);
      case 'while':
      case 'until':
        return this.while(c);
      case 'case':
        return this.case(c);
      case 'arithmetic':
        this.out += `((${c.expression}))`;
        return;
      case 'conditional':
        this.out += `[[ ${testText(c.test)} ]]`;
        return;
      case 'function':
        this.out += 'function ';
        return this.definition(c);
      case 'coproc':
        this.out += `coproc ${c.name} `;
        this.sameLine = true;
        return this.command(c.body);
    }
  }

  private group(c: Group): void {
    this.out += '{ ';
    if (this.inFunction) {
      this.out += '\n';
      this.block(c.body);
      this.newline('}');
      return;
    }
    this.inline(c.body);
    this.bodies('');
    this.semicolon();
    this.out += ' }';
  }

  private subshell(c: Group): void {
    this.out += '( ';
    this.inline(c.body);
    this.bodies('');
    this.out += ' )';
  }

  private while(c: While): void {
    this.out += `${c.type} `;
    this.inline(c.test);
    this.bodies('');
    this.semicolon();
    this.out += ' do\n';
    this.block(c.body);
    this.semicolon();
    this.newline('done');
  }

  private if(c: If, from = 0): void {
    const clause = c.clauses[from];
    if (!clause) return;
    this.out += 'if ';
    this.inline(clause.test);
    this.semicolon();
    this.out += ' then\n';
    this.block(clause.body);
    if (from + 1 < c.clauses.length) this.else(() => this.elif(c, from + 1));
    else if (c.otherwise) this.else(() => this.list(c.otherwise ?? []));
    this.semicolon();
    this.newline('fi');
  }
  private else(print: () => void): void {
    this.semicolon();
    this.newline('else\n');
    this.deeper(print);
  }
  private elif(c: If, at: number): void {
    this.indent();
    this.if(c, at);
  }

  private for(c: For): void {
    const words = c.words ? c.words.join(' ') : '"$@"';
    this.out += `${c.type} ${c.name} in ${words};`;
    this.loopBody(c.body);
  }
  private arithmeticFor(c: ArithmeticFor): void {
    this.out += `for ((${c.init.trimStart()}; ${c.test.trimStart()}; ${c.update.trimStart()}))`;
    this.loopBody(c.body);
  }
  private loopBody(body: List): void {
    this.newline('do\n');
    this.block(body);
    this.semicolon();
    this.newline('done');
  }

  private case(c: Case): void {
    this.out += `case ${c.word} in `;
    this.indentation += STEP;
    for (const item of c.items) {
      this.newline(`${item.patterns.join(' | ')})\n`);
      this.block(item.body);
      this.newline(item.terminator);
    }
    this.indentation -= STEP;
    this.newline('esac');
  }

  private simple(c: Simple): void {
    const words = [...c.assignments.map(assignmentText), ...c.words.map((w) => (typeof w === 'string' ? w : assignmentText(w)))];
    this.out += words.join(' ');
    if (c.redirections.length > 0) this.redirections(c.redirections, words.length > 0 ? ' ' : '');
  }

  private redirections(list: readonly Redirection[], before = ' '): void {
    this.afterBody = false;
    this.out += before + list.map(redirectionText).join(' ');
    const documents = list.filter((r) => r.op.startsWith('<<') && r.op !== '<<<');
    if (documents.length === 0) return;
    if (this.joined > 0) this.deferred = documents;
    else this.hereDocuments(documents);
  }
}

const delimiter = (r: Redirection): string => r.target.replace(/['"\\]/g, '');

function redirectionText(r: Redirection): string {
  const fd = r.fdVariable !== undefined ? `{${r.fdVariable}}` : r.fd !== undefined ? String(r.fd) : '';
  switch (r.op) {
    case '<<':
    case '<<-':
      return `${fd}${r.op}${r.quoted ? `'${delimiter(r)}'` : r.target}`;
    case '<<<':
      return `${fd}<<< ${r.target}`;
    case '<&':
    case '>&':
      if (r.target === '-') return `${fd || (r.op === '<&' ? '0' : '1')}>&-`;
      return `${fd || (/^\d+-?$|^-$/.test(r.target) ? (r.op === '<&' ? '0' : '1') : '')}${r.op}${r.target}`;
    case '&>':
    case '&>>':
      return `${r.op} ${r.target}`;
    default:
      return `${fd}${r.op} ${r.target}`;
  }
}

function testText(t: Test): string {
  switch (t.op) {
    case 'unary':
      return `${t.operator} ${t.operand}`;
    case 'binary':
      return `${t.left} ${t.operator} ${t.right}`;
    case 'not':
      return `${'! '.repeat(t.count)}${testText(t.operand)}`;
    case 'group':
      return `( ${testText(t.operand)} )`;
    default:
      return t.operands.map(testText).join(` ${t.op} `);
  }
}

function assignmentText(a: Assignment): string {
  if (typeof a.value === 'string') return a.text;
  return `${a.name}${a.append ? '+' : ''}=(${a.value.join(' ')})`;
}
