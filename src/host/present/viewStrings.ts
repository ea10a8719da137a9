// The texts of the views in the user's language, sent with each snapshot. In English there is nothing to send.

import { ENGLISH } from '../../../webview/strings.ts';
import type { Translate } from './translate.ts';

export function viewStrings(t: Translate): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ENGLISH).flatMap(([key, english]) => {
      const text = t(english);
      return text === english ? [] : [[key, text]];
    }),
  );
}
