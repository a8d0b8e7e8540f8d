/**
 * A question before the answer: a paragraph that asks, and a list whose items all begin with [ ] or [x]. What stands behind an
 * item's first paragraph is shown once the item has been chosen.
 *
 *     What will bash say?
 *
 *     - [ ] Nothing.
 *
 *       It does say something.
 *     - [x] "Permission denied".
 */
import type { StateCore, Token } from 'markdown-it';

const BOX = /^\[([ xX])\]\s+/;

/** Tokens of our own, and what they become. */
export const questionRules = {
  question_open: () => '<fieldset class="question">\n',
  question_close: () => '</fieldset>\n',
  legend_open: () => '<legend>',
  legend_close: () => '</legend>\n',
  choices_open: () => '<div class="choices">\n',
  choices_close: () => '</div>\n',
  choice_open: (tokens: Token[], i: number) =>
    `<button type="button" class="choice" data-right="${tokens[i]?.meta === true}" aria-expanded="false">`,
  choice_close: () => '</button>\n',
  choice_close_answer_open: () => '</button>\n<div class="answer" role="status" hidden>\n',
  nothing: () => '',
  answer_close: () => '</div>\n',
} as const;

/** Turns every such list into a question; runs once inline text has been parsed. */
export function markQuestions(state: StateCore): void {
  const { tokens } = state;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.type !== 'bullet_list_open') continue;
    const end = closing(tokens, at);
    const items = itemsOf(tokens, at, end);
    if (items.length > 0 && items.every((item) => isChoice(tokens, item))) at = turn(tokens, at, end, items);
  }
}

/** The list's last token. */
function closing(tokens: readonly Token[], open: number): number {
  const level = tokens[open]?.level;
  return tokens.findIndex((t, i) => i > open && t.level === level && t.type === 'bullet_list_close');
}

/** First and last token of each item. */
function itemsOf(tokens: readonly Token[], from: number, to: number): (readonly [number, number])[] {
  const level = (tokens[from]?.level ?? 0) + 1;
  const items: (readonly [number, number])[] = [];
  let start = from;
  for (let i = from + 1; i < to; i++) {
    if (tokens[i]?.level !== level) continue;
    if (tokens[i]?.type === 'list_item_open') start = i;
    if (tokens[i]?.type === 'list_item_close') items.push([start, i]);
  }
  return items;
}

function isChoice(tokens: readonly Token[], [from]: readonly [number, number]): boolean {
  const [paragraph, inline] = [tokens[from + 1], tokens[from + 2]];
  return paragraph?.type === 'paragraph_open' && inline?.type === 'inline' && BOX.test(inline.content);
}

/** Writes the question's tokens over the list's; the place of the last one is the answer. */
function turn(tokens: Token[], at: number, end: number, items: readonly (readonly [number, number])[]): number {
  for (const item of items) turnItem(tokens, item);
  set(tokens[at], 'choices_open');
  set(tokens[end], 'choices_close');
  const asks = tokens[at - 1]?.type === 'paragraph_close' && tokens[at - 1]?.level === tokens[at]?.level;
  if (asks) {
    set(tokens[at - 1], 'legend_close');
    set(tokens[at - 3], 'legend_open');
  }
  const start = asks ? at - 3 : at;
  const Kind = (tokens[at] as Token).constructor as new (type: string, tag: string, nesting: number) => Token;
  tokens.splice(end + 1, 0, new Kind('question_close', '', 0));
  tokens.splice(start, 0, new Kind('question_open', '', 0));
  return end + 2;
}

function turnItem(tokens: Token[], [from, to]: readonly [number, number]): void {
  const inline = tokens[from + 2] as Token;
  const right = BOX.exec(inline.content)?.[1] !== ' ';
  const first = inline.children?.[0];
  if (first?.type === 'text') first.content = first.content.replace(BOX, '');
  set(tokens[from], 'choice_open', right);
  set(tokens[from + 1], 'nothing');
  const more = to > from + 4;
  set(tokens[from + 3], more ? 'choice_close_answer_open' : 'choice_close');
  set(tokens[to], more ? 'answer_close' : 'nothing');
}

function set(token: Token | undefined, type: string, meta: unknown = null): void {
  if (token === undefined) return;
  token.type = type;
  token.meta = meta;
  token.nesting = 0;
  token.hidden = false;
}
