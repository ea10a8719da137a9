// The equations of einsum: `ij,jk->ik`, with implicit outputs and `...` for axes that broadcast.

import type { BitLensError } from '../../errors.ts';
import { impossible, notSupported } from './errors.ts';
import type { TensorGraph } from './tensorGraph.ts';

/** Names of axes: letters, and numbers counted from the end for the axes of `...`. */
export type Labels = readonly string[];

export interface Equation {
  readonly inputs: readonly Labels[];
  readonly output: Labels;
}

/**
 * @param ranks of the operands
 * @throws `bad-file` for what is no equation for these operands; `unsupported` for diagonals (`ii`)
 */
export function parseEquation(g: TensorGraph, equation: string, ranks: readonly number[]): Equation {
  const wrong = (): BitLensError =>
    impossible(g, ['einsum "{0}" does not fit its {1} operands.', equation, ranks.length]);
  const [left = '', right, ...more] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',');
  if (terms.length !== ranks.length || more.length > 0) throw wrong();
  const inputs = terms.map((term, i): Labels => {
    const labels = labelsOf(term, ranks[i]!);
    if (!labels || labels.length !== ranks[i]) throw wrong();
    return labels;
  });
  if (inputs.some(repeats)) throw notSupported(g, ['einsum "{0}" takes a diagonal.', equation]);
  const all = new Set(inputs.flat());
  const dots = [...all].filter(isDot).sort((a, b) => Number(b) - Number(a));
  const output = right === undefined ? implicitOutput(inputs, dots) : labelsOf(right, dots.length, dots);
  if (!output || repeats(output) || output.some((label) => !all.has(label))) throw wrong();
  return { inputs, output };
}

const repeats = (labels: Labels): boolean => new Set(labels).size !== labels.length;
const isDot = (label: string): boolean => /^\d/.test(label);

/** @param dots what `...` stands for; by default as many axes as the letters leave of `rank` */
function labelsOf(term: string, rank: number, dots?: Labels): Labels | undefined {
  if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term)) return undefined;
  const [before = '', after] = term.split('...');
  if (after === undefined) return Array.from(before);
  const count = rank - before.length - after.length;
  const own = dots ?? Array.from({ length: Math.max(0, count) }, (_, i) => String(count - i));
  return [...Array.from(before), ...own, ...Array.from(after)];
}

/** Axes of `...`, then the letters that stand once, in order of the alphabet with capitals first. */
function implicitOutput(inputs: readonly Labels[], dots: Labels): Labels {
  const letters = inputs.flat().filter((label) => !isDot(label));
  const once = letters.filter((label) => letters.indexOf(label) === letters.lastIndexOf(label));
  return [...dots, ...once.sort()];
}
