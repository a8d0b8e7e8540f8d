/**
 * A lesson's text as HTML that is safe to show, whoever wrote it: HTML in it is shown as text, links lead to http(s) and to relative
 * addresses only, pictures come from the lesson's folder. Loaded when a lesson is opened.
 */
import MarkdownIt, { type Renderer, type StateCore, type StateInline, type Token } from 'markdown-it';
import { type Act, actOf, moveMarks } from './blocks.ts';
import { escapeHtml } from './html.ts';
import type { LessonFiles } from './lesson.ts';
import { markQuestions, questionRules } from './questions.ts';
import { safeSvg } from './svg.ts';

export interface RenderOptions {
  readonly files?: LessonFiles;
  /** What pictures' paths are relative to: '' or a folder that ends with a slash. */
  readonly folder?: string;
  /** Where a rule of docs/linux-exec.md stands. */
  readonly ruleHref?: (rule: string) => string;
  /** The words on the buttons. */
  readonly labels?: Readonly<Record<Act, string>>;
  /** Sets the names inside pictures apart, when several texts stand on one page. */
  readonly prefix?: string;
}

export interface Block {
  readonly act: Act;
  readonly script: string;
}

const LABELS: Readonly<Record<Act, string>> = { exec: 'Run', interrupt: 'Run', copy: 'Copy' };
const RULE = /\[([XDSERFMN]\d{1,2})\](?![([:])/y;
const DATA_PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$/;
/** Text headings stand below the page's own. */
const HEADING_SHIFT = 2;

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
parser.validateLink = isGoodAddress;
parser.inline.ruler.before('link', 'rule_number', ruleNumber);
parser.core.ruler.push('marks', markInline);
parser.core.ruler.push('questions', markQuestions);
Object.assign(parser.renderer.rules, {
  ...questionRules,
  fence: block,
  code_inline: inlineCode,
  image: picture,
  link_open: linkOpen,
  rule_number: ruleLink,
  heading_open: heading('<'),
  heading_close: heading('</'),
} satisfies Renderer['rules']);

/** HTML to be put into the page as it is. */
export function renderMarkdown(text: string, options: RenderOptions = {}): string {
  return parser.render(moveMarks(text), { options });
}

/** The code that its author marked, in order. */
export function markedCode(text: string): Block[] {
  return flat(parser.parse(moveMarks(text), {})).flatMap((token) => {
    const act = token.type === 'fence' ? actOf(token.info) : markOf(token);
    return act === null ? [] : [{ act, script: token.content.replace(/\n$/, '') }];
  });
}

/** The paths of the pictures that a text shows, with their descriptions. */
export function picturesOf(text: string): { readonly src: string; readonly alt: string }[] {
  const images = flat(parser.parse(moveMarks(text), {})).filter((t) => t.type === 'image');
  return images.map((t) => ({ src: String(t.attrGet('src')), alt: t.content }));
}

/** The numbers of rules that a text points to. */
export function rulesOf(text: string): string[] {
  return flat(parser.parse(moveMarks(text), {})).flatMap((t) => (t.type === 'rule_number' ? [t.content] : []));
}

function flat(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((t) => [t, ...(t.children ?? [])]);
}

function optionsOf(env: unknown): RenderOptions {
  return (env as { readonly options?: RenderOptions }).options ?? {};
}

/** A mark behind inline code belongs to the code. */
function markInline(state: StateCore): void {
  for (const { children } of state.tokens) {
    for (const [i, token] of (children ?? []).entries()) {
      const next = children?.[i + 1];
      if (token.type !== 'code_inline' || next?.type !== 'text' || !next.content.startsWith('{{')) continue;
      const mark = /^\{\{[a-z ]+\}\}/.exec(next.content)?.[0] ?? '';
      if (actOf(mark) === null) continue;
      token.meta = { act: actOf(mark) };
      next.content = next.content.slice(mark.length);
    }
  }
}

function markOf(token: Token): Act | null {
  return (token.meta as { readonly act?: Act } | null)?.act ?? null;
}

function block(tokens: Token[], i: number, _: unknown, env: unknown): string {
  const { info, content } = tokens[i] as Token;
  const act = actOf(info);
  const script = content.replace(/\n$/, '');
  const code = `<pre tabindex="0"><code>${escapeHtml(script)}</code></pre>`;
  if (act === null) return `<div class="block">${code}</div>\n`;
  const label = (optionsOf(env).labels ?? LABELS)[act];
  const button = `<button type="button" class="act" data-act="${act}">${escapeHtml(label)}</button>`;
  return `<div class="block marked" data-script="${escapeHtml(script)}">${code}${button}</div>\n`;
}

function inlineCode(tokens: Token[], i: number): string {
  const token = tokens[i] as Token;
  const act = markOf(token);
  const code = `<code>${escapeHtml(token.content)}</code>`;
  if (act === null) return code;
  return `<button type="button" class="inline act" data-act="${act}" data-script="${escapeHtml(token.content)}">${code}</button>`;
}

/** A drawing of the folder stands in the page and takes its colours; other pictures are images. */
function picture(tokens: Token[], i: number, _: unknown, env: unknown): string {
  const { files, folder = '', prefix = 'p' } = optionsOf(env);
  const token = tokens[i] as Token;
  const [src, alt] = [String(token.attrGet('src')), token.content];
  if (DATA_PICTURE.test(src)) return `<img class="picture" alt="${escapeHtml(alt)}" src="${src}">`;
  const drawing = files?.get(resolve(folder, src));
  if (drawing === undefined || !src.endsWith('.svg')) return `<em class="no-picture">${escapeHtml(alt)}</em>`;
  const svg = safeSvg(drawing, alt, `${prefix}-${src.replace(/[^a-z0-9]+/gi, '-')}-`);
  if (svg !== null) return `<span class="picture">${svg}</span>`;
  return `<img class="picture" alt="${escapeHtml(alt)}" src="data:image/svg+xml,${encodeURIComponent(drawing.replace(/[\ud800-\udfff]/gu, '\ufffd'))}">`;
}

/** The path inside the lesson that `src` means when it stands in a text of `folder`. */
export function resolve(folder: string, src: string): string {
  const parts: string[] = [];
  for (const part of (folder + src).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function linkOpen(tokens: Token[], i: number): string {
  const href = String((tokens[i] as Token).attrGet('href'));
  if (href.startsWith('data:')) return '<a>';
  const away = /^(?:https?:)?\/\//i.test(href);
  return `<a href="${escapeHtml(href)}"${away ? ' target="_blank" rel="noopener noreferrer"' : ''}>`;
}

function isGoodAddress(url: string): boolean {
  const address = url.trim().toLowerCase();
  return /^https?:\/\//.test(address) || DATA_PICTURE.test(url) || !/^[^/?#]*:/.test(address);
}

/** `[M3]`: a rule of docs/linux-exec.md. */
function ruleNumber(state: StateInline, silent: boolean): boolean {
  RULE.lastIndex = state.pos;
  const found = RULE.exec(state.src);
  if (found === null) return false;
  if (!silent) state.push('rule_number', '', 0).content = found[1] ?? '';
  state.pos += found[0].length;
  return true;
}

function ruleLink(tokens: Token[], i: number, _: unknown, env: unknown): string {
  const rule = (tokens[i] as Token).content;
  const href = (optionsOf(env).ruleHref ?? ((r: string): string => `docs/linux-exec.md#${r.toLowerCase()}`))(rule);
  return `<a class="rule" href="${escapeHtml(href)}" title="Rule ${rule} of docs/linux-exec.md">${rule}</a>`;
}

function heading(bracket: string) {
  return (tokens: Token[], i: number): string => {
    const level = Number((tokens[i] as Token).tag.slice(1));
    return `${bracket}h${Math.min(6, level + HEADING_SHIFT)}>${bracket === '<' ? '' : '\n'}`;
  };
}
