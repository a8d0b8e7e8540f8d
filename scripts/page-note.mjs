/**
 * What a page of ours says for as long as its scripts have not run: in place of the mark `<!--note-->`. Its words are laid out
 * only when they are to be read; a browser that cannot hold back `display` shows them until its scripts run.
 */

const STYLE = `.note{position:absolute;inset:0;z-index:1;box-sizing:border-box;max-width:40rem;padding:1rem 1.2rem;color:light-dark(#1d2327,#e3e8ea);font:14px/1.5 system-ui,sans-serif;animation:note 0s 2s both}
.note code{font-size:13px}
@media (scripting:none){.note{animation:none}}
@keyframes note{from{display:none}}
:root:has(binfmt-lab:defined) .note{display:none;animation:none}`;

const NOTE = `<div class="note" role="note">
<p><strong>binfmt-lab has not started.</strong> It simulates a Linux kernel in this page and needs JavaScript modules. They do not run when</p>
<ul>
<li>the page was opened as a file (<code>file://</code>): serve its folder instead, for example with <code>npx serve</code>;</li>
<li>the <code>Content-Security-Policy</code> of this address forbids its own scripts: it must allow <code>script-src 'self'</code>;</li>
<li>it stands in a sandboxed frame, and its server does not send <code>Access-Control-Allow-Origin: *</code>;</li>
<li>JavaScript is switched off.</li>
</ul>
<noscript><p><strong>JavaScript is switched off in this browser.</strong></p></noscript>
</div>`;

export function pageNote() {
  return {
    name: 'page-note',
    transformIndexHtml: (html) => html.replace('<!--note-->', NOTE).replace('</head>', () => `<style>${STYLE}</style>\n</head>`),
  };
}
