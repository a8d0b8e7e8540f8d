/** What an element shows before its machine is started: the last screen of a recorded session, and a button. */
import { POSTER_TEXT } from './poster-session.ts';
import { adopt } from './sheets.ts';
import { styles } from './styles.ts';

const look = `
.poster{display:grid;grid-template-rows:auto minmax(0,1fr) auto;height:100%;min-height:inherit;background:var(--term);overflow:hidden}
.top{display:flex;flex-wrap:wrap;gap:.2rem .9rem;align-items:baseline;padding:.5rem .9rem;background:var(--panel);border-bottom:1px solid var(--line)}
.top strong{font:700 15px var(--mono);letter-spacing:-.02em}
.top i{color:var(--accent);font-style:normal}
.poster .what{color:var(--dim);font:12px var(--mono)}
.still{position:relative;overflow:hidden;padding:.7rem .9rem 0;-webkit-mask:linear-gradient(#000 calc(100% - 2.5rem),transparent);mask:linear-gradient(#000 calc(100% - 2.5rem),transparent)}
.still pre,.still ::slotted(pre){margin:0!important;padding:0!important;border:0!important;background:none!important;color:var(--ink)!important;font:13px/1.45 var(--mono)!important;white-space:pre-wrap;overflow-wrap:anywhere}
.still img,.still ::slotted(img){display:block;max-width:100%}
.start{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center;padding:.6rem .9rem .75rem}
.start button{min-height:2.4rem;padding:.4rem 1.2rem;font-size:14px}
.start button::before{content:"";display:inline-block;border:.36em solid transparent;border-left:.6em solid;border-right:0;margin-right:.6em}
.start .state{color:var(--dim);font-size:12.5px;flex:1 1 12rem}
.start ::slotted(*){flex-basis:100%;margin:0!important}
@media print{.start{display:none}}
`;

/** The poster of `element` in `root`. `start` is called by its button; what the answer is given is shown beside it. */
export function drawPoster(element: Element, root: ShadowRoot, start: () => void): (state: string, busy: boolean) => void {
  adopt(root, styles);
  adopt(root, look);
  root.innerHTML = `<div class="poster" role="group" aria-label="binfmt-lab">
    <div class="top"><strong>binfmt<i>·</i>lab</strong><span class="what"></span></div>
    <div class="still"><slot></slot></div>
    <div class="start"><button type="button" class="primary">Start</button>
      <span class="state" role="status">A Linux kernel, simulated in this page</span><slot name="notice"></slot></div>
  </div>`;
  const piece = <E extends HTMLElement>(selector: string): E => root.querySelector<E>(selector) as E;
  piece('.what').textContent = whatOf(element);
  piece('slot').append(stillOf(element));
  const button = piece<HTMLButtonElement>('button');
  button.onclick = start;
  return (state, busy) => {
    button.disabled = busy;
    piece('.state').textContent = state;
  };
}

function whatOf(element: Element): string {
  const kernel = element.getAttribute('kernel');
  const lesson = element.getAttribute('lesson');
  return [element.getAttribute('host') ?? 'x86_64', kernel && `kernel ${kernel}`, lesson && `lesson ${lesson}`].filter(Boolean).join(' · ');
}

/** The author's poster, or the author's script at a prompt, or a session of ours. What the author put inside the element comes before. */
function stillOf(element: Element): HTMLElement {
  const poster = element.getAttribute('poster');
  const script = element.getAttribute('script')?.trimEnd();
  if (poster === null || poster === '') return textStill(script ? `root@lab:~# ${script.replaceAll('\n', '\n> ')}` : POSTER_TEXT);
  if (!/^data:text\/plain\b|\.txt([?#]|$)/.test(poster)) return Object.assign(new Image(), { src: poster, alt: 'A recorded session' });
  const still = textStill('');
  const show = (text: string): string => (still.textContent = text);
  fetch(poster).then(
    async (r) => show(r.ok ? await r.text() : POSTER_TEXT),
    () => show(POSTER_TEXT),
  );
  return still;
}

const textStill = (textContent: string): HTMLElement => Object.assign(document.createElement('pre'), { textContent });
