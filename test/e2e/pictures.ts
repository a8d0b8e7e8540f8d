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

/** How many blocks differ from the reviewed picture; with UPDATE_PICTURES set it is replaced instead, and nothing differs. */
export async function difference(tool: Page, name: string, picture: Buffer): Promise<number> {
  const file = `${REVIEWED}/${name}.png`;
  const small = await tool.evaluate(shrink, { picture: picture.toString('base64'), by: SMALLER });
  if (process.env['UPDATE_PICTURES'] !== undefined) {
    mkdirSync(REVIEWED, { recursive: true });
    writeFileSync(file, Buffer.from(small, 'base64'));
  }
  if (!existsSync(file)) throw new Error(`there is no ${file}: UPDATE_PICTURES=1 makes it`);
  return tool.evaluate(differing, { one: small, other: readFileSync(file).toString('base64'), block: BLOCK, noticed: NOTICED });
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

async function differing(of: { one: string; other: string; block: number; noticed: number }): Promise<number> {
  const means = async (picture: string): Promise<{ size: string; data: Uint8ClampedArray }> => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const [width, height] = [Math.ceil(image.width / of.block), Math.ceil(image.height / of.block)];
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    return { size: `${image.width}x${image.height}`, data: context.getImageData(0, 0, width, height).data };
  };
  const [one, other] = [await means(of.one), await means(of.other)];
  if (one.size !== other.size) return Number.POSITIVE_INFINITY;
  const blocks = one.data.length / 4;
  let differ = 0;
  for (let i = 0; i < blocks; i++) {
    const worst = Math.max(...[0, 1, 2].map((c) => Math.abs((one.data[4 * i + c] ?? 0) - (other.data[4 * i + c] ?? 0))));
    if (worst > of.noticed) differ++;
  }
  return differ;
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
