/**
 * A drawing that may stand inside the page. It is taken apart and written anew from lists of what a still picture needs, so
 * nothing else can be in it: no script, no style, no link, no address.
 */
import { escapeHtml } from './html.ts';

const ELEMENTS = new Set(
  'svg g path rect circle ellipse line polyline polygon text tspan title desc defs marker linearGradient stop clipPath use'.split(' '),
);
const ATTRIBUTES = new Set(
  (
    'viewBox width height x y x1 x2 y1 y2 cx cy r rx ry dx dy d points transform id fill fill-opacity fill-rule stroke stroke-width ' +
    'stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin opacity font-family font-size font-weight font-style text-anchor ' +
    'dominant-baseline letter-spacing textLength lengthAdjust marker-start marker-mid marker-end markerWidth markerHeight refX refY orient markerUnits offset ' +
    'stop-color stop-opacity clip-path gradientUnits preserveAspectRatio xml:space'
  ).split(' '),
);
/** Numbers, words, paths, colours; a function only if it is one of these. */
const VALUE =
  /^(?:[\w\s.,#%+-]|(?:url\(#[\w-]+\)|(?:var\(--[\w-]+(?:,\s*[\w#]+)?\)|(?:translate|rotate|scale|matrix|rgb)\([\d\s.,%+-]*\))))*$/;
const PROLOGUE = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE[^>[]*>\s*)?(?:<!--[\s\S]*?-->\s*)*/;
const PIECE = /<!--[\s\S]*?-->|<\/([A-Za-z]+)\s*>|<([A-Za-z]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const MAX_DEPTH = 32;

/** The drawing with `label` as its text twin, or null for anything but a plain one. Names inside it begin with `prefix`. */
export function safeSvg(text: string, label: string, prefix: string): string | null {
  const body = text.replace(PROLOGUE, '').trim();
  const open: string[] = [];
  let out = '';
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < body.length) {
    const piece = PIECE.exec(body);
    if (piece === null) return null;
    const [all, closing, opening, attributes = '', slash] = piece;
    if (closing !== undefined) {
      if (open.pop() !== closing) return null;
      out += `</${closing}>`;
    } else if (opening !== undefined) {
      if (!ELEMENTS.has(opening) || (out === '') !== (opening === 'svg') || open.length > MAX_DEPTH) return null;
      if (out !== '' && open.length === 0) return null;
      out += tag(opening, attributes, prefix, out === '' ? label : null);
      if (slash === '/') out += `</${opening}>`;
      else open.push(opening);
    } else if (!all.startsWith('<!--')) {
      if (open.length === 0) return null;
      out += textOf(all);
    }
  }
  return out !== '' && open.length === 0 ? out : null;
}

function tag(name: string, attributes: string, prefix: string, label: string | null): string {
  let out = `<${name}`;
  if (label !== null) out += ` xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeHtml(label)}"`;
  for (const [, key = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? '';
    if (ATTRIBUTES.has(key) && VALUE.test(value)) out += ` ${key}="${escapeHtml(rename(key, value, prefix))}"`;
  }
  return `${out}>`;
}

/** Several drawings stand on one page. */
function rename(key: string, value: string, prefix: string): string {
  return key === 'id' ? prefix + value.trim() : value.replace(/url\(#/g, `url(#${prefix}`);
}

/** Text as it is, with the entities that everybody writes. */
function textOf(text: string): string {
  return text.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/g, '&amp;').replace(/>/g, '&gt;');
}
