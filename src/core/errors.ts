// The one error type that crosses borders. Its text is a template with arguments, so that the host can
// translate it (`vscode.l10n.t(template, ...args)`) while the command line prints it as it is.

/** What went wrong, as a closed list: the surface that shows an error chooses by kind, never by message. */
export type ErrorKind =
  | 'bad-file' // truncated, damaged, hostile or not what its name says
  | 'unsupported' // a valid file with layers, dtypes or options that BitLens does not handle
  | 'missing-weights' // the architecture is there, the weights are not
  | 'needs-input-shape' // the model leaves dimensions open and nothing says what they are
  | 'bad-data' // calibration or test data that does not fit the model
  | 'bad-plan' // a plan that names unknown slots or formats
  | 'bad-option' // a wrong argument of the user
  | 'no-solution' // no plan respects the budget
  | 'cancelled'
  | 'engine-died'
  | 'internal';

export type Arg = string | number;

/** A translatable sentence: `{0}`, `{1}` … in the template stand for the arguments. */
export type Sentence = readonly [template: string, ...args: readonly Arg[]];

/** Plain data form of a {@link BitLensError}: what travels between processes. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly what: Sentence;
  readonly hint?: Sentence | undefined;
  readonly stack?: string | undefined;
}

/** Fills the placeholders of a sentence. */
export function say(sentence: Sentence): string {
  const [template, ...args] = sentence;
  return template.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}

/**
 * An error the user can read: `what` says what happened and names the file, layer or op; `hint` says what to do.
 */
export class BitLensError extends Error {
  override readonly name = 'BitLensError';
  readonly kind: ErrorKind;
  readonly what: Sentence;
  readonly hint: Sentence | undefined;

  constructor(kind: ErrorKind, what: Sentence, hint?: Sentence) {
    super(hint ? `${say(what)} ${say(hint)}` : say(what));
    this.kind = kind;
    this.what = what;
    this.hint = hint;
  }

  static is(error: unknown, kind?: ErrorKind): error is BitLensError {
    return error instanceof BitLensError && (kind === undefined || error.kind === kind);
  }

  toWire(): WireError {
    return { kind: this.kind, what: this.what, hint: this.hint, stack: this.stack };
  }

  static fromWire(wire: WireError): BitLensError {
    return new BitLensError(wire.kind, wire.what, wire.hint);
  }

  /** Any thrown value as a BitLensError; what is not one becomes `internal` and keeps its stack. */
  static from(error: unknown): BitLensError {
    if (BitLensError.is(error)) return error;
    const cause = error instanceof Error ? error : new Error(String(error));
    if (cause.name === 'AbortError') return new BitLensError('cancelled', ['Cancelled.']);
    const wrapped = new BitLensError('internal', ['Unexpected error: {0}', cause.message]);
    if (cause.stack !== undefined) wrapped.stack = cause.stack;
    return wrapped;
  }
}

/** Throws the `cancelled` error when the signal was aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new BitLensError('cancelled', ['Cancelled.']);
}
