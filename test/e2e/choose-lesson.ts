/** A lesson's folder, as the browser's dialog hands it over. */
import type { Page } from 'playwright-core';

export async function chooseLesson(page: Page, folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await page.locator('.ls input[type=file]').evaluate(
    (element, { folder, files }) => {
      const chosen = Object.entries(files).map(([path, text]) =>
        Object.defineProperty(new File([text], path.split('/').at(-1) ?? ''), 'webkitRelativePath', { value: `${folder}/${path}` }),
      );
      Object.defineProperty(element, 'files', { value: chosen });
      element.dispatchEvent(new Event('change'));
    },
    { folder, files },
  );
}
