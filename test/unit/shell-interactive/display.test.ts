import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { Display } from '../../../src/shell/interactive/display.ts';

/** The screen after the bytes: rows without trailing blanks, and the cursor. */
class Screen {
  private readonly terminal: InstanceType<typeof xterm.Terminal>;
  constructor(
    readonly columns: number,
    readonly height = 10,
  ) {
    this.terminal = new xterm.Terminal({ cols: columns, rows: height, allowProposedApi: true });
  }
  write(bytes: string): Promise<void> {
    return new Promise((done) => this.terminal.write(bytes, done));
  }
  rows(): string[] {
    const { active } = this.terminal.buffer;
    const out: string[] = [];
    for (let i = 0; i < active.length; i++) out.push(active.getLine(i)?.translateToString(true).trimEnd() ?? '');
    while (out.at(-1) === '') out.pop();
    return out;
  }
  cursor(): [number, number] {
    const { active } = this.terminal.buffer;
    return [active.baseY + active.cursorY, active.cursorX];
  }
}

async function drawn(columns: number, views: { prompt?: string; text: string; point?: number }[], height = 10) {
  const screen = new Screen(columns, height);
  const display = new Display(columns, height);
  let bytes = '';
  for (const v of views) {
    bytes = display.draw({ prompt: v.prompt ?? '$ ', text: v.text, point: v.point ?? v.text.length });
    await screen.write(bytes);
  }
  return { rows: screen.rows(), cursor: screen.cursor(), bytes };
}

describe('display', () => {
  it('shows prompt and line with the cursor at point', async () => {
    expect(await drawn(20, [{ text: 'echo hi', point: 2 }])).toMatchObject({ rows: ['$ echo hi'], cursor: [0, 4] });
  });
  it('writes only what is new when a character is added at the end', async () => {
    expect((await drawn(20, [{ text: 'ech' }, { text: 'echo' }])).bytes).toBe('o');
  });
  it('wraps at the width and puts the cursor on the next row when the last is full', async () => {
    expect(await drawn(10, [{ text: '12345678' }])).toMatchObject({ rows: ['$ 12345678'], cursor: [1, 0] });
    expect(await drawn(10, [{ text: '12345678' }, { text: '123456789' }])).toMatchObject({ rows: ['$ 12345678', '9'], cursor: [1, 1] });
  });
  it('moves back over a wrapped row and inserts in the first', async () => {
    const r = await drawn(10, [{ text: '123456789' }, { text: '123456789', point: 0 }, { text: 'X123456789', point: 1 }]);
    expect(r).toMatchObject({ rows: ['$ X1234567', '89'], cursor: [0, 3] });
  });
  it('erases rows that a shorter line leaves', async () => {
    const r = await drawn(10, [{ text: '123456789abcdefghijklm' }, { text: '12' }]);
    expect(r).toMatchObject({ rows: ['$ 12'], cursor: [0, 4] });
  });
  it('keeps wide characters whole at the edge', async () => {
    expect(await drawn(5, [{ text: 'ab漢字' }])).toMatchObject({ rows: ['$ ab', '漢字'], cursor: [1, 4] });
    expect(await drawn(5, [{ text: 'ab漢字', point: 2 }])).toMatchObject({ cursor: [1, 0] });
  });
  it('counts a combining mark as no column', async () => {
    expect(await drawn(20, [{ text: 'e\u0301x' }])).toMatchObject({ cursor: [0, 4] });
  });
  it('gives the invisible parts of a prompt no room', async () => {
    const r = await drawn(10, [{ prompt: '\x01\x1b[32m\x02me\x01\x1b[0m\x02$ ', text: '123456' }]);
    expect(r).toMatchObject({ rows: ['me$ 123456'], cursor: [1, 0] });
  });
  it('shows control characters as ^X and tabs as blanks', async () => {
    expect(await drawn(20, [{ text: 'a\x01\tb' }])).toMatchObject({ rows: ['$ a^A   b'] });
  });
  it('breaks rows at newlines', async () => {
    expect(await drawn(20, [{ text: 'one\ntwo', point: 4 }])).toMatchObject({ rows: ['$ one', 'two'], cursor: [1, 0] });
  });
  it('shows the window around the cursor when the line is higher than the screen', async () => {
    const text = Array.from({ length: 12 }, (_, i) => `row${i}`).join('\n');
    const r = await drawn(20, [{ text }, { text, point: 0 }], 5);
    expect(r.rows.slice(-5)).toEqual(['$ row0', 'row1', 'row2', 'row3', 'row4']);
  });
  it('any sequence of edits leaves the same screen as drawing once', async () => {
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) && (seed >> 8) % n;
    const alphabet = ['a', 'b', ' ', '漢', 'e\u0301', '\n', '\t', '\x01'];
    for (let round = 0; round < 60; round++) {
      const views: { text: string; point: number }[] = [];
      let text = '';
      for (let i = 0; i < 12; i++) {
        const at = random(text.length + 1);
        text =
          random(3) === 0
            ? text.slice(0, at)
            : text.slice(0, at) + Array.from({ length: random(9) }, () => alphabet[random(8)]).join('') + text.slice(at);
        views.push({ text, point: random(2) ? text.length : 0 });
      }
      const step = await drawn(9, views, 30);
      const once = await drawn(9, views.slice(-1), 30);
      expect({ rows: step.rows, cursor: step.cursor }).toEqual({ rows: once.rows, cursor: once.cursor });
    }
  });
});
