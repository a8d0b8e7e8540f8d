/** The element's skeleton: what can be seen before anything has been loaded. The bar keeps its room, and is filled after the prompt. */
export const layout = `
<div class="lab">
  <header part="bar">
    <h1>binfmt<i>·</i>lab</h1>
    <div class="choices"></div>
    <ol class="order" aria-label="Formats, in the order this kernel asks them"></ol>
    <span class="about"></span>
    <div class="actions" role="group" aria-label="Actions"></div>
  </header>
  <aside class="lesson" aria-label="Lesson" hidden></aside>
  <section class="screen" aria-label="Terminal">
    <div class="term-bar" data-single>
      <div class="term-tabs" role="tablist" aria-label="Terminals"></div>
      <button type="button" class="term-new" aria-label="New terminal" title="New terminal">+</button>
      <button type="button" class="term-close" aria-label="Close this terminal" title="Close this terminal">×</button>
      <button type="button" class="reader" aria-pressed="false" title="Output is spoken as it comes">Screen reader</button>
    </div>
    <div class="glass"></div>
    <div class="trouble" role="alert" hidden></div>
    <div class="keybar" role="toolbar" aria-label="Keys" hidden></div>
  </section>
  <aside class="panels" aria-label="What the kernel did" hidden></aside>
  <footer>
    <div class="timeline" role="group" aria-label="Time line" hidden></div>
    <span class="status" role="status">Starting…</span>
  </footer>
</div>`;
