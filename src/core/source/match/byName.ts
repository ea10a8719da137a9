// T1: names. A literal name in the code that is the name of a layer is the best evidence there is.

import { accept, fits, groupBy, objection, printAgreeing, type Pair, type Work } from './work.ts';

/** T1: a literal name in the code is the name of a layer. */
export function byName(work: Work): void {
  const calls = groupBy(
    work.constructs.filter(({ naming }) => naming.kind === 'literal'),
    ({ naming }) => (naming.kind === 'literal' ? naming.name : ''),
  );
  const owners = groupBy(work.layers, ({ layer }) => layer.name);
  for (const [name, constructs] of calls) {
    const layers = owners.get(name) ?? [];
    const fitting = layers.flatMap((layer) =>
      constructs
        .filter((construct) => fits(layer, construct, work.compare))
        .map((construct) => ({ layer, construct })),
    );
    const [only, second] = fitting;
    if (layers.length === 0) continue;
    if (only && !second) accept(namedPair(name, only, layers.length + constructs.length > 2, work), work);
    else if (only)
      for (const pair of fitting)
        accept(doubtful(pair, `name='${name}', but several calls or layers have this name`), work);
    for (const layer of layers) work.settledLayers.add(layer);
    for (const construct of constructs) work.settled.add(construct);
    if (only) continue;
    for (const layer of layers)
      for (const construct of constructs)
        work.conflicts.push({ layer, construct, why: objection(layer, construct, work.compare) ?? '' });
  }
}

type Meeting = Pick<Pair, 'layer' | 'construct'>;

const doubtful = (meeting: Meeting, evidence: string): Omit<Pair, 'agreeing'> => ({
  ...meeting,
  confidence: 'ambiguous',
  tier: 'name',
  evidence,
});

function namedPair(
  name: string,
  meeting: Meeting,
  repeatedName: boolean,
  work: Work,
): Omit<Pair, 'agreeing'> {
  const { construct, layer } = meeting;
  const agreeing = printAgreeing(work.compare(layer, construct));
  if (construct.repeated) return doubtful(meeting, `name='${name}', but the call is inside a loop`);
  const computed = construct.naming.kind === 'literal' && construct.naming.computed;
  const how = computed ? `name '${name}' follows from the arguments of its function` : `name='${name}'`;
  const which = repeatedName ? `${how}, of several calls or layers with this name the one that agrees` : how;
  return {
    ...meeting,
    confidence: computed || repeatedName ? 'likely' : 'exact',
    tier: 'name',
    evidence: `${which}${agreeing}`,
  };
}
