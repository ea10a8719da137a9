// The only file that imports @vscode/webview-ui-toolkit; it registers just the drop-down and its options.
// The toolkit is frozen since January 2025. Plan: replace it with @vscode-elements/elements (vscode-single-select),
// whose tags collide with the toolkit's, so both can never be in one page. The change stays in this file: views know
// only `dropdown` below, and plain HTML serves everything else (tables, buttons, check boxes).

import { provideVSCodeDesignSystem, vsCodeDropdown, vsCodeOption } from '@vscode/webview-ui-toolkit';
import type { Dropdown } from '@vscode/webview-ui-toolkit';
import { element } from './element.ts';

provideVSCodeDesignSystem().register(vsCodeDropdown(), vsCodeOption());

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownControl {
  /** The visible label with the control. */
  readonly element: HTMLElement;
  /** Options are rebuilt only when they differ: a snapshot must not close an open list. */
  update(label: string, choices: readonly Choice[], value: string): void;
}

/** `name` becomes data-control, the handle of tests. */
export function dropdown(name: string, chosen: (value: string) => void): DropdownControl {
  const caption = element('span', { class: 'control-label', 'aria-hidden': 'true' });
  const box = element('label', { class: 'control' }, caption);
  let control: Dropdown | undefined;
  let shown = '';
  const build = (label: string, choices: readonly Choice[], value: string): void => {
    const options = choices.map((choice) =>
      element(
        'vscode-option' as 'option',
        { value: choice.value, selected: choice.value === value },
        choice.label,
      ),
    );
    const next = element(
      'vscode-dropdown' as 'select',
      { 'data-control': name, 'aria-label': label },
      ...options,
    );
    control?.remove();
    control = next as unknown as Dropdown;
    control.addEventListener('change', () => {
      if (control) chosen(control.value);
    });
    const longest = Math.max(...choices.map((choice) => choice.label.length));
    control.style.minWidth = `calc(${longest}ch + 44px)`;
    box.append(control);
  };
  return {
    element: box,
    update(label, choices, value) {
      caption.textContent = label;
      const signature = JSON.stringify([label, choices]);
      if (signature !== shown) build(label, choices, value);
      else if (control && control.value !== value) control.value = value;
      shown = signature;
    },
  };
}
