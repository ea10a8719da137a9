// The frame all views share: title, subtitle, notes, tool bar, body, the sentence of an empty view, and the one live
// region that speaks to screen readers.

import { element } from './element.ts';
import { infoIcon } from './icons.ts';
import { speaker, type Say } from './strings.ts';
import type { ViewSnapshot } from '../src/protocol/webview.ts';

export interface Page {
  readonly toolbar: HTMLElement;
  readonly body: HTMLElement;
  /** Texts of the last snapshot's language. */
  readonly say: Say;
  /** Speaks politely; the same sentence twice is spoken twice. */
  announce(sentence: string): void;
  show(snapshot: ViewSnapshot): void;
  showEmpty(message: string): void;
}

export function createPage(root: HTMLElement): Page {
  const title = element('h1', { 'data-role': 'title' });
  const subtitle = element('p', { class: 'subtitle', 'data-role': 'subtitle' });
  const notes = element('ul', { class: 'notes', 'data-role': 'notes' });
  const toolbar = element('div', { class: 'toolbar', 'data-role': 'toolbar' });
  const body = element('div', { class: 'body', 'data-role': 'body' });
  const content = element(
    'div',
    { class: 'content', hidden: true },
    element('header', { class: 'head' }, title, subtitle, notes, toolbar),
    body,
  );
  const sentence = element('p', {});
  const empty = element('div', { class: 'empty', 'data-role': 'empty', hidden: true }, infoIcon(), sentence);
  const live = element('div', {
    class: 'spoken',
    role: 'status',
    'aria-live': 'polite',
    'data-role': 'announcement',
  });
  root.replaceChildren(content, empty, live);
  let say = speaker({});
  return {
    toolbar,
    body,
    say: (key, ...values) => say(key, ...values),
    announce(text) {
      // A trailing no-break space makes a repeated sentence a change.
      live.textContent = live.textContent === text ? `${text}\u00a0` : text;
    },
    show(snapshot) {
      say = speaker(snapshot.strings);
      title.textContent = snapshot.title;
      subtitle.textContent = snapshot.subtitle;
      notes.setAttribute('aria-label', say('notes.label'));
      notes.hidden = snapshot.notes.length === 0;
      notes.replaceChildren(
        ...snapshot.notes.map((note) => element('li', {}, infoIcon(), element('span', {}, note))),
      );
      content.hidden = false;
      empty.hidden = true;
    },
    showEmpty(message) {
      sentence.textContent = message;
      content.hidden = true;
      empty.hidden = false;
    },
  };
}
