// Source text -> the calls in it that construct layers. align.ts ties them to the layers of a model file.

import type { Setting } from '../ir/graph.ts';
import type { Argument, CallSite, Occurrence, SourceLanguage } from './callSite.ts';
import { DIALECTS } from './dialects/registry.ts';
import { bindingsOf, type Scope } from './run/bindings.ts';
import { fold, type Context } from './run/fold.ts';
import { walk, type Program, type Reached, type Walked } from './run/walk.ts';
import type { Call, Statement } from './syntax/syntax.ts';
import { parseJavaScript } from './syntax/javascript.ts';
import { parsePython } from './syntax/python.ts';

/** Longer texts (bundles, generated code) are not read. */
const MAX_LENGTH = 1_000_000;
/** Open brackets at one place; the parsers' memory grows with its square. */
const MAX_BRACKETS = 500;
/** Expressions visited by following calls of the file's own functions; real files need some thousand. */
const MAX_VISITS = 200_000;

/** Never throws: half-typed or damaged text gives what can be told of it. In the order of the text. */
export function scan(text: string, language: SourceLanguage): CallSite[] {
  const dialects = DIALECTS.filter(
    (dialect) => dialect.languages.includes(language) && dialect.mentioned.test(text),
  );
  if (dialects.length === 0 || text.length > MAX_LENGTH || isTooDeep(text)) return [];
  const scopes = bindingsOf(statementsOf(text, language));
  const program: Program = { scopes, dialects, budget: { visits: MAX_VISITS } };
  const reached = new Map<Call, { first: Reached; occurrences: Occurrence[] }>();
  for (const [root, { found }] of runs(program)) {
    for (const [order, one] of found.entries()) {
      const entry = reached.get(one.call) ?? { first: one, occurrences: [] };
      entry.occurrences.push(occurrence(root.id, order, one));
      reached.set(one.call, entry);
    }
  }
  const sites = [...reached.values()].map(({ first, occurrences }) => site(first, occurrences));
  return sites.sort((a, b) => a.range.from - b.range.from);
}

/** Every scope is run; calls are followed only into functions that construct layers, themselves or by others. */
function runs(program: Program): ReadonlyMap<Scope, Walked> {
  const { module, functions } = program.scopes;
  const alone = new Map<Scope, Walked>();
  for (const scope of [module, ...functions.values()]) {
    const walked = walk(scope, program, new Set());
    if (walked) alone.set(scope, walked);
  }
  const constructing = new Set([...alone].flatMap(([scope, { found }]) => (found.length > 0 ? [scope] : [])));
  let size = 0;
  while (size < constructing.size) {
    size = constructing.size;
    for (const [scope, { calls }] of alone) {
      if ([...calls].some((callee) => constructing.has(callee))) constructing.add(scope);
    }
  }
  return new Map(
    [...alone].map(([scope, walked]) => {
      const follows = [...walked.calls].some((callee) => constructing.has(callee));
      return [scope, (follows ? walk(scope, program, constructing) : undefined) ?? walked];
    }),
  );
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[([{)\]}]/g)) {
    depth = '([{'.includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
    if (depth > MAX_BRACKETS) return true;
  }
  return false;
}

function statementsOf(text: string, language: SourceLanguage): readonly Statement[] {
  try {
    return language === 'python' ? parsePython(text) : parseJavaScript(text, language === 'typescript');
  } catch (error) {
    // The parsers recurse: expressions nested thousands deep overflow the stack.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function site({ call, constructor, way }: Reached, occurrences: readonly Occurrence[]): CallSite {
  const { positional, keywords, open } = argumentsOf(call, constructor, { ...way, activation: undefined });
  return {
    className: constructor.className,
    positional,
    keywords,
    range: call.range,
    calleeRange: call.calleeRange,
    scope: way.place,
    repeated: occurrences.some((one) => one.repeated),
    ...(open ? { open } : {}),
    occurrences,
  };
}

function occurrence(root: string, order: number, { call, constructor, way }: Reached): Occurrence {
  const { arms, repeated, container, activation } = way;
  const keywords = activation && argumentsOf(call, constructor, way).keywords;
  return {
    root,
    order,
    arms,
    repeated,
    ...(keywords ? { keywords } : {}),
    ...(container === undefined ? {} : { container }),
  };
}

function argumentsOf(
  call: Call,
  constructor: Reached['constructor'],
  context: Context,
): { positional: readonly Argument[]; keywords: Readonly<Record<string, Argument>>; open: boolean } {
  const { list, open } = constructor.arguments(call);
  const positional: Argument[] = [];
  const keywords = new Map<string, Argument>();
  for (const { key, value } of list) {
    const folded = fold(value, context);
    // An argument that is None is as good as left out.
    if (folded === null) continue;
    if (key === undefined) positional.push(argument(folded));
    else keywords.set(key, argument(folded));
  }
  return { positional, keywords: Object.fromEntries(keywords), open };
}

const argument = (value: Setting | undefined): Argument =>
  value === undefined ? { unknown: true } : { literal: value };
