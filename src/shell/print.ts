/** Commands as text, laid out as bash prints functions and jobs. Follows print_cmd.c. */
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
  Test,
} from './ast.ts';

/** `f () \n{ \n    …\n}` as `declare -f` shows it. */
export function printFunction(f: FunctionDefinition): string {
  return new Printer().definition(f);
}
export function printCommand(c: Command): string {
  return new Printer().command(c);
}
export function printPipeline(p: Pipeline): string {
  return new Printer().pipeline(p);
}
export function printAndOr(a: AndOr): string {
  return new Printer().andOr(a);
}

class Printer {
  private level = 0;
  /** Only there does each command of a list get a line of its own. */
  private inFunction = false;
  /** Bodies of here-documents wait for the end of the line. */
  private pending: Redirection[] = [];

  private pad(extra = 0): string {
    return ' '.repeat((this.level + extra) * 4);
  }

  definition(f: FunctionDefinition): string {
    const redirected = f.body.type === 'redirected' ? f.body : undefined;
    const body = redirected ? redirected.command : f.body;
    const tail = redirected ? redirected.redirections.map((r) => ` ${this.redirection(r)}`).join('') : '';
    const head = `${f.name} () \n${this.pad()}{ \n`;
    this.level++;
    this.inFunction = true;
    const inner = body.type === 'group' ? this.list(body.body) : this.command(body);
    const text = `${head}${this.pad()}${inner}\n`;
    this.level--;
    return `${text}${this.pad()}}${tail}`;
  }

  list(l: List): string {
    let out = '';
    l.forEach((s, i) => {
      out += this.andOr(s.command);
      const lastOne = i === l.length - 1;
      if (s.background) out += lastOne ? ' &' : ' & ';
      else if (!lastOne) out += this.pending.length > 0 ? `${this.bodies()}\n` : ';';
      if (!lastOne && !s.background) out += this.separator(out);
    });
    return out + this.bodies();
  }

  private separator(before: string): string {
    if (before.endsWith('\n')) return this.pad();
    return this.inFunction ? `\n${this.pad()}` : ' ';
  }

  private bodies(): string {
    const out = this.pending
      .splice(0)
      .map((r) => `\n${r.body}${r.target.replace(/['"\\]/g, '')}`)
      .join('');
    return out === '' ? '' : `${out}\n`;
  }

  andOr(a: AndOr): string {
    return a.pipelines.map((p, i) => (i === 0 ? '' : ` ${a.operators[i - 1]} `) + this.pipeline(p)).join('');
  }

  pipeline(p: Pipeline): string {
    const prefix = (p.timed === 'no' ? '' : p.timed === 'posix' ? 'time -p ' : 'time ') + '! '.repeat(p.negations);
    return prefix + p.commands.map((c, i) => (i === 0 ? '' : p.both[i - 1] ? ' 2>&1 | ' : ' | ') + this.command(c)).join('');
  }

  /** A body one level deeper, ended by `;`. */
  private block(l: List): string {
    this.level++;
    const text = `${this.pad()}${this.list(l)}`;
    this.level--;
    return `${text}${/(?:&|\n)$/.test(text) ? '' : ';'}\n`;
  }

  command(c: Command): string {
    switch (c.type) {
      case 'simple':
        return this.simple(c);
      case 'redirected':
        return `${this.command(c.command)}${c.redirections.map((r) => ` ${this.redirection(r)}`).join('')}`;
      case 'group':
        return this.group(c);
      case 'subshell':
        return `( ${this.list(c.body)} )`;
      case 'if':
        return this.if(c);
      case 'for':
      case 'select':
        return this.for(c);
      case 'arithmetic-for':
        return this.arithmeticFor(c);
      case 'while':
      case 'until':
        return `${c.type} ${this.list(c.test)}; do\n${this.block(c.body)}${this.pad()}done`;
      case 'case':
        return this.case(c);
      case 'arithmetic':
        return `((${c.expression}))`;
      case 'conditional':
        return `[[ ${this.test(c.test)} ]]`;
      case 'function':
        return `function ${this.definition(c)}`;
      case 'coproc':
        return `coproc ${c.name} ${this.command(c.body)}`;
    }
  }

  private group(c: Group): string {
    return `{ \n${this.block(c.body).replace(/;\n$/, '\n')}${this.pad()}}`;
  }

  private if(c: If): string {
    let out = '';
    c.clauses.forEach((clause, i) => {
      if (i > 0) {
        out += `${this.pad()}else\n`;
        this.level++;
        out += this.pad();
      }
      out += `if ${this.list(clause.test)}; then\n${this.block(clause.body)}`;
    });
    if (c.otherwise) out += `${this.pad()}else\n${this.block(c.otherwise)}`;
    out += `${this.pad()}fi`;
    for (let i = 1; i < c.clauses.length; i++) {
      this.level--;
      out += `;\n${this.pad()}fi`;
    }
    return out;
  }

  private for(c: For): string {
    const words = c.words ? c.words.join(' ') : '"$@"';
    return `${c.type} ${c.name} in ${words};\n${this.pad()}do\n${this.block(c.body)}${this.pad()}done`;
  }

  private arithmeticFor(c: ArithmeticFor): string {
    return `for ((${c.init.trimStart()}; ${c.test.trimStart()}; ${c.update.trimStart()}))\n${this.pad()}do\n${this.block(c.body)}${this.pad()}done`;
  }

  private case(c: Case): string {
    let out = `case ${c.word} in \n`;
    this.level++;
    for (const item of c.items) {
      out += `${this.pad()}${item.patterns.join(' | ')})\n`;
      this.level++;
      if (item.body.length > 0) out += `${this.pad()}${this.list(item.body)}`;
      this.level--;
      out += `\n${this.pad()}${item.terminator}\n`;
    }
    this.level--;
    return `${out}${this.pad()}esac`;
  }

  private simple(c: Simple): string {
    const words = [...c.assignments.map((a) => assignmentText(a)), ...c.words.map((w) => (typeof w === 'string' ? w : assignmentText(w)))];
    return [...words, ...c.redirections.map((r) => this.redirection(r))].join(' ');
  }

  private redirection(r: Redirection): string {
    const fd = r.fdVariable !== undefined ? `{${r.fdVariable}}` : r.fd !== undefined ? String(r.fd) : '';
    switch (r.op) {
      case '<<':
      case '<<-':
        this.pending.push(r);
        return `${fd}${r.op}${r.target}`;
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

  private test(t: Test): string {
    switch (t.op) {
      case 'unary':
        return `${t.operator} ${t.operand}`;
      case 'binary':
        return `${t.left} ${t.operator} ${t.right}`;
      case 'not':
        return `${'! '.repeat(t.count)}${this.test(t.operand)}`;
      case 'group':
        return `( ${this.test(t.operand)} )`;
      default:
        return t.operands.map((o) => this.test(o)).join(` ${t.op} `);
    }
  }
}

function assignmentText(a: Assignment): string {
  if (typeof a.value === 'string') return a.text;
  return `${a.name}${a.append ? '+' : ''}=(${a.value.join(' ')})`;
}
