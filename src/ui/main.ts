/** What other pages load, under a name that stays: defines the element, once. */
import { BinfmtLabElement } from './element.ts';

declare global {
  interface HTMLElementTagNameMap {
    'binfmt-lab': BinfmtLabElement;
  }
}

if (customElements.get('binfmt-lab') === undefined) customElements.define('binfmt-lab', BinfmtLabElement);

export * from './element.ts';
