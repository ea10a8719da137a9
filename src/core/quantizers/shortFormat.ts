// Formats and quantizers for people: model files give all digits of their scales, four tell enough.

/** `int8 scale=0.01886` for `int8 scale=0.018860284239053726`. */
export function shortFormat(text: string): string {
  return text.replace(/\d+\.\d{4,}(?:e[+-]?\d+)?/g, (digits) =>
    String(Number(Number(digits).toPrecision(4))),
  );
}
