/** The lesson panel, drawn: the list of lessons, or one step with its bar, its text and where one stands. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { errorText } from '../../../lessons/lesson.ts';
import type { Actions, ChooserModel, LessonCard, LessonModel, PanelModel, Standing } from './model.ts';

export function view(model: PanelModel, actions: Actions): TemplateResult {
  return html`<div class="ls">${model.kind === 'chooser' ? chooser(model, actions) : lesson(model, actions)}</div>`;
}

function chooser(model: ChooserModel, actions: Actions): TemplateResult {
  return html`<h2>Lessons</h2>
    <p class="quiet">Each starts on a fresh machine; Undo brings yours back. What you have done is kept in this browser.</p>
    <ol class="cards">
      ${model.cards.map((card) => cardView(card, actions))}
    </ol>
    <h3>Your own</h3>
    <p class="quiet">Drop a lesson's folder here, choose one, or give its address. It is text: its scripts run on the simulated machine only.</p>
    <div class="own">
      <label class="button"
        >Choose a folder<input
          type="file"
          class="sr"
          webkitdirectory
          multiple
          @change=${(e: Event) => {
            const { files } = e.target as HTMLInputElement;
            if (files !== null) actions.chooseFolder(files);
          }}
      /></label>
      <form
        @submit=${(e: Event) => {
          e.preventDefault();
          actions.askAddress();
        }}
      >
        <input
          type="url"
          aria-label="Address of a lesson's folder"
          placeholder="https://…"
          .value=${model.address}
          @input=${(e: Event) => actions.editAddress((e.target as HTMLInputElement).value)}
        />
        <button type="submit" ?disabled=${model.busy}>Load</button>
      </form>
    </div>
    ${model.confirm === null ? nothing : confirmView(model.confirm, actions)}
    <div role="alert">
      ${model.problem === '' ? nothing : html`<p class="problem">${model.problem}</p>`}
      ${model.errors.length === 0 ? nothing : html`<ul class="errors">${model.errors.map((e) => html`<li>${errorText(e)}</li>`)}</ul>`}
    </div>`;
}

function cardView(card: LessonCard, actions: Actions): TemplateResult {
  const begun = card.position > 0;
  const length = [`${card.steps} steps`, card.minutes === null ? '' : `${card.minutes} min`, card.own ? 'your own' : ''];
  return html`<li class="card">
    <h3>${card.title}</h3>
    <p>${card.description}</p>
    <p class="foot">
      <button type="button" class="primary" @click=${() => actions.open(card.id)} aria-label="${begun ? 'Continue' : 'Start'}: ${card.title}">
        ${begun ? 'Continue' : 'Start'}
      </button>
      <span class="quiet">${length.filter(Boolean).join(' · ')}${card.done > 0 ? ` · ${card.done} of ${card.steps} done` : ''}</span>
    </p>
  </li>`;
}

function confirmView(address: string, actions: Actions): TemplateResult {
  return html`<div class="confirm" role="group" aria-label="Load from another site?">
    <p>Fetch this lesson from <b>${new URL(address).host}</b>? It will see that you asked, and nothing else.</p>
    <p class="mono">${address}</p>
    <p class="foot">
      <button type="button" class="primary" @click=${() => actions.fetchAddress()}>Fetch it</button>
      <button type="button" @click=${() => actions.cancelAddress()}>Cancel</button>
    </p>
  </div>`;
}

function lesson(model: LessonModel, actions: Actions): TemplateResult {
  const { position, titles } = model;
  const heading = position === 0 ? model.title : (titles[position - 1] ?? 'Done');
  return html`<nav class="bar" aria-label="Steps">
      <button type="button" class="plain" @click=${() => actions.leave()}>Lessons</button>
      <ol>
        ${[null, ...titles].map((title, i) => stepDot(i, title, model, actions))}
      </ol>
    </nav>
    <div class="body" aria-busy=${model.busy !== null}>
      ${position === 0 ? nothing : html`<p class="over">${model.title}</p>`}
      <h2 tabindex="-1">${heading}</h2>
      ${model.astray ? astrayView(actions) : nothing}
      ${model.fault === '' ? nothing : html`<p class="problem" role="alert">${model.fault}</p>`}
      <div class="text" @click=${(e: Event) => actions.text(e)}>${unsafeHTML(model.html)}</div>
      ${model.hint === null ? nothing : html`<div class="hint" role="note"><b>Hint</b>${unsafeHTML(model.hint)}</div>`}
    </div>
    <div class="standing">${standingView(model, actions)}</div>`;
}

function stepDot(i: number, title: string | null, { position, done, busy }: LessonModel, actions: Actions): TemplateResult {
  const label = title === null ? 'Introduction' : `Step ${i}: ${title}${done.has(i) ? ', done' : ''}`;
  return html`<li>
    <button
      type="button"
      class="dot ${done.has(i) ? 'done' : ''}"
      aria-label=${label}
      title=${label}
      aria-current=${i === position ? 'step' : nothing}
      ?disabled=${busy !== null}
      @click=${() => actions.goTo(i)}
    >
      ${title === null ? 'i' : i}
    </button>
  </li>`;
}

function astrayView(actions: Actions): TemplateResult {
  return html`<p class="warn" role="alert">
    The machine is not in this lesson any more.
    <button type="button" @click=${() => actions.startOver()}>Start this step on a fresh one</button>
  </p>`;
}

function standingView(model: LessonModel, actions: Actions): TemplateResult {
  const { standing, position, titles, busy } = model;
  const last = position > titles.length;
  const next = position === titles.length ? 'Finish' : position === 0 ? 'Begin' : 'Next step';
  return html`<p class="state" role="status">${busy ?? sentence(standing, position > 0 && !last)}</p>
    <div class="buttons">
      ${
        last
          ? html`<button type="button" class="primary" @click=${() => actions.leave()}>All lessons</button>`
          : html`<button
              type="button"
              class=${standing.kind === 'done' || position === 0 ? 'primary' : ''}
              ?disabled=${busy !== null}
              @click=${() => actions.goTo(position + 1)}
            >
              ${next}
            </button>`
      }
      ${standing.kind === 'broken' ? html`<button type="button" class="primary" @click=${() => actions.undo()}>Undo</button>` : nothing}
      ${model.hints && standing.kind !== 'done' ? html`<button type="button" ?disabled=${busy !== null} @click=${() => actions.hint()}>Hint</button>` : nothing}
      ${
        model.solution && standing.kind !== 'done'
          ? html`<button type="button" ?disabled=${busy !== null} title="Types it at the prompt; Enter is yours" @click=${() => actions.solution()}>
              Show the command
            </button>`
          : nothing
      }
      ${
        position > 0 && !last
          ? html`<button type="button" ?disabled=${busy !== null} title="This step on a fresh machine" @click=${() => actions.startOver()}>Start over</button>`
          : nothing
      }
    </div>`;
}

function sentence(standing: Standing, inStep: boolean): TemplateResult | typeof nothing {
  if (!inStep) return nothing;
  switch (standing.kind) {
    case 'done':
      return html`<span class="mark good" aria-hidden="true">✓</span> Done.`;
    case 'broken':
      return html`<span class="mark bad" aria-hidden="true">!</span> ${standing.why}`;
    case 'open':
      return html`<span class="mark" aria-hidden="true">○</span> ${standing.missing}`;
    case 'reading':
      return nothing;
  }
}
