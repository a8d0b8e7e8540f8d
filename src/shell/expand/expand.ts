/** Word expansion in bash's order: braces, tilde, parameters, commands and arithmetic, splitting, path names, quote removal. */
import { ArithmeticError, evaluate } from '../arith.ts';
import { shellScope } from '../assign.ts';
import { globFields } from '../glob.ts';
import { quotePattern } from '../pattern.ts';
import { ExpansionError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { compileArgument, compileWord, type TildeRule } from './compile.ts';
import { FieldBuilder, type Piece } from './fields.ts';
import { expandParameter, ifsOf } from './param.ts';
import type { QuoteMode, Segment } from './segments.ts';
import { commandSubstitution, processSubstitution } from './substitute.ts';
import { homeOf } from './tilde.ts';

/** Where the results of a word's segments go. */
export interface Sink {
  /** `q`: quoted. `split`: an unquoted expansion's result. */
  text(v: string, q: boolean, split: boolean): void;
  /** Between the fields of `"$@"`. */
  boundary(): void;
  /** False where a word stays one string: `$*` is joined with IFS, `$@` with blanks. */
  readonly splits: boolean;
}

class FieldSink implements Sink {
  readonly splits = true;
  constructor(readonly builder: FieldBuilder) {}
  text(v: string, q: boolean, split: boolean): void {
    if (split) this.builder.split(v);
    else this.builder.add(v, q);
  }
  boundary(): void {
    this.builder.breakField();
  }
}

class StringSink implements Sink {
  readonly splits = false;
  readonly pieces: Piece[] = [];
  text(v: string, q: boolean): void {
    this.pieces.push({ v, q });
  }
  boundary(): void {
    this.pieces.push({ v: ' ', q: false });
  }
}

export async function expandSegments(sh: Shell, segments: readonly Segment[], sink: Sink, splitLiterals = false): Promise<void> {
  for (const s of segments) {
    switch (s.t) {
      case 'lit':
        sink.text(s.v, s.q, splitLiterals && !s.q);
        break;
      case 'tilde': {
        const home = await homeOf(sh, s.user);
        sink.text(home ?? `~${s.user}`, home !== undefined, false);
        break;
      }
      case 'param':
        await expandParameter(sh, s, sink);
        break;
      case 'cmd': {
        const out = await commandSubstitution(sh, s);
        if (s.q || out !== '') sink.text(out, s.q, !s.q);
        break;
      }
      case 'arith':
        sink.text(String(await arithmeticValue(sh, s.expression)), s.q, !s.q);
        break;
      case 'proc':
        sink.text(await processSubstitution(sh, s), true, false);
        break;
    }
  }
}

/** The arguments that raw words become. */
export async function expandWords(sh: Shell, raws: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  for (const raw of raws) await expandWordInto(sh, raw, out);
  return out;
}

export async function expandWordInto(sh: Shell, raw: string, out: string[]): Promise<void> {
  for (const word of compileArgument(raw, sh.options.get('braceexpand'))) {
    if (word.fixed !== undefined) out.push(word.fixed);
    else {
      const builder = new FieldBuilder(ifsOf(sh));
      await expandSegments(sh, word.segments, new FieldSink(builder));
      await globFields(sh, builder.finish(), out);
    }
  }
}

/** The fields of a raw word, without brace and pathname expansion. */
export async function expandFields(sh: Shell, raw: string): Promise<string[]> {
  const builder = new FieldBuilder(ifsOf(sh));
  await expandSegments(sh, compileWord(raw, 'word', 'start').segments, new FieldSink(builder));
  return builder.finish().map((pieces) => pieces.map((p) => p.v).join(''));
}

async function expandPieces(sh: Shell, raw: string, mode: QuoteMode, tilde: TildeRule): Promise<Piece[]> {
  const sink = new StringSink();
  await expandSegments(sh, compileWord(raw, mode, tilde).segments, sink);
  return sink.pieces;
}

/** One string: an assignment's value, a redirection's here-string, the word of `case`. */
export async function expandString(sh: Shell, raw: string, mode: QuoteMode = 'word', tilde: TildeRule = 'start'): Promise<string> {
  const { fixed } = compileWord(raw, mode, tilde);
  if (fixed !== undefined) return fixed;
  return (await expandPieces(sh, raw, mode, tilde)).map((p) => p.v).join('');
}

/** A pattern: quoted text is escaped so that it matches itself. */
export async function expandPattern(sh: Shell, raw: string, tilde: TildeRule = 'start'): Promise<string> {
  const pieces = await expandPieces(sh, raw, 'word', tilde);
  return pieces.map((p) => (p.q ? quotePattern(p.v) : p.v)).join('');
}

/** The right side of `=~`: quoted text matches itself. */
export async function expandRegex(sh: Shell, raw: string): Promise<string> {
  const pieces = await expandPieces(sh, raw, 'word', 'start');
  return pieces.map((p) => (p.q ? p.v.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : p.v)).join('');
}

/** The text of an arithmetic expression with its dollar signs expanded and double quotes gone. */
export async function expandArithmetic(sh: Shell, expression: string): Promise<string> {
  if (!/[$`"\\']/.test(expression)) return expression;
  return expandString(sh, expression, 'operand', 'none');
}

export async function arithmeticValue(sh: Shell, expression: string, who = ''): Promise<bigint> {
  const text = await expandArithmetic(sh, expression);
  return evaluateText(sh, text, who);
}

/** Evaluates expanded text; an error becomes the shell's. `who`: the builtin that is named in it. */
export function evaluateText(sh: Shell, text: string, who = ''): bigint {
  try {
    return evaluate(text, shellScope(sh));
  } catch (e) {
    if (e instanceof ArithmeticError) throw new ExpansionError(`${who}${e.message}`);
    throw e;
  }
}
