// A labelled native check box; `name` becomes data-control.

import { element } from './element.ts';

export interface CheckboxControl {
  readonly element: HTMLElement;
  update(label: string, checked: boolean, shown: boolean): void;
}

export function checkbox(name: string, toggled: (checked: boolean) => void): CheckboxControl {
  const input = element('input', { type: 'checkbox', 'data-control': name });
  const caption = element('span', {});
  const box = element('label', { class: 'check' }, input, caption);
  input.addEventListener('change', () => toggled(input.checked));
  return {
    element: box,
    update(label, checked, shown) {
      caption.textContent = label;
      input.checked = checked;
      box.hidden = !shown;
    },
  };
}
