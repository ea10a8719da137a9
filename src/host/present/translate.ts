// How the host makes a sentence in the user's language.

/** vscode.l10n.t, or a plain formatter in tests. Placeholders {0}, {1}. */
export type Translate = (message: string, ...args: (string | number)[]) => string;
