/** The page's entry: defines the element. */
import { BinfmtLabElement } from './element.ts';

customElements.define('binfmt-lab', BinfmtLabElement);
