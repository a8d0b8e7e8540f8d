/**
 * Pictures of views, compared with reviewed ones. Kept at a quarter of their size, and compared by the mean colours of their
 * blocks: a letter drawn otherwise is no difference, a line that is not there is one.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const REVIEWED = 'test/e2e/pictures';
const SMALLER = 4;
/** Pixels of the small picture along a block's side: 16 of the screen. */
const BLOCK = 4;
/** Of 255: two pictures of one view, drawn on two machines of one Debian, are under it; a line of text more or less is over it. */
const NOTICED = 10;
/** Blocks of a picture that may differ: a button takes more. */
export const TOLERANCE = 3;

/** How long a view may take to look as it was reviewed, in ms: what a panel asks of the kernel comes when it comes. */
const PATIENCE = 5000;

/** Blocks that differ, and between which rows and columns of the screen they lie, in pixels: nowhere when none does. */
export interface Difference {
  readonly blocks: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** The view when it has come to rest: two pictures in a row are the same. */
export async function pictureOf(page: Page): Promise<Buffer> {
  let before = await page.screenshot();
  for (let i = 0; i < 20; i++) {
    const now = await page.screenshot();
    if (now.equals(before)) break;
    before = now;
  }
  return before;
}

/** The view once it looks as it was reviewed, or what it looked like when patience ended. */
export async function reviewedPicture(page: Page, tool: Page, name: string): Promise<{ picture: Buffer; differs: Difference }> {
  for (const end = Date.now() + PATIENCE; ; await page.waitForTimeout(100)) {
    const picture = await pictureOf(page);
    const differs = await difference(tool, name, picture);
    if (differs.blocks <= TOLERANCE || Date.now() > end) return { picture, differs };
  }
}

/** What differs from the reviewed picture; with UPDATE_PICTURES set it is replaced instead, and nothing differs. */
export async function difference(tool: Page, name: string, picture: Buffer): Promise<Difference> {
  const file = `${REVIEWED}/${name}.png`;
  const small = await tool.evaluate(shrink, { picture: picture.toString('base64'), by: SMALLER });
  if (process.env['UPDATE_PICTURES'] !== undefined) {
    mkdirSync(REVIEWED, { recursive: true });
    writeFileSync(file, Buffer.from(small, 'base64'));
  }
  if (!existsSync(file)) throw new Error(`there is no ${file}: UPDATE_PICTURES=1 makes it`);
  return tool.evaluate(differing, {
    one: small,
    other: readFileSync(file).toString('base64'),
    block: BLOCK,
    noticed: NOTICED,
    smaller: SMALLER,
  });
}

async function shrink({ picture, by }: { picture: string; by: number }): Promise<string> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width / by, height: image.height / by });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^.*,/, '');
}

async function differing(of: { one: string; other: string; block: number; noticed: number; smaller: number }): Promise<Difference> {
  const means = async (picture: string): Promise<{ size: string; width: number; data: Uint8ClampedArray }> => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const [width, height] = [Math.ceil(image.width / of.block), Math.ceil(image.height / of.block)];
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    return { size: `${image.width}x${image.height}`, width, data: context.getImageData(0, 0, width, height).data };
  };
  const [one, other] = [await means(of.one), await means(of.other)];
  if (one.size !== other.size) return { blocks: Number.POSITIVE_INFINITY, rows: [], columns: [] };
  const worst = (i: number): number =>
    Math.max(...[0, 1, 2].map((c) => Math.abs((one.data[4 * i + c] ?? 0) - (other.data[4 * i + c] ?? 0))));
  const found = [...Array(one.data.length / 4).keys()].filter((i) => worst(i) > of.noticed);
  const side = of.block * of.smaller;
  const extent = (at: (i: number) => number): number[] =>
    found.length === 0 ? [] : [Math.min(...found.map(at)) * side, (Math.max(...found.map(at)) + 1) * side];
  return { blocks: found.length, rows: extent((i) => Math.floor(i / one.width)), columns: extent((i) => i % one.width) };
}

/** Whether letters are as wide here as in the reviewed pictures, which Debian's fonts have drawn: else nothing can be compared. */
export async function hasReviewedFonts(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    const width = (font: string): number => {
      if (context !== null) context.font = `40px ${font}`;
      return context?.measureText('What decides?').width ?? 0;
    };
    return width('system-ui') === width('"DejaVu Sans"') && width('"DejaVu Sans Mono"') === width('monospace');
  });
}
