// Two translators for tests of the host's texts: English as it is, and one that marks every text it was asked for.

import type { Translate } from '../../src/host/present/translate.ts';

/** English with its placeholders filled. */
export const plain: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

/** Upper case in brackets: what a view shows in lower case has not been translated. */
export const marked: Translate = (message, ...args) =>
  `⟦${message.toUpperCase().replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole))}⟧`;
