// Licences of the packages whose code is in a build, as one text. Their authors ask for it to go with every copy.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Of what packages contain in compiled form and do not say in a file of their own. */
const INSIDE = {
  '@cornerstonejs/codec-libjpeg-turbo-8bit':
    'Contains libjpeg-turbo. This software is based in part on the work of the Independent JPEG Group.',
  h5wasm:
    'Contains HDF5, copyright by The HDF Group and by the Board of Trustees of the University of Illinois.',
};

/** @param {import('esbuild').Metafile[]} metafiles */
export function thirdPartyNotices(metafiles) {
  const folders = new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap(packageFolder)));
  const packages = [...folders].map(describe).sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = packages.map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`);
  return `BitLens contains code of these packages.\n\n${texts.join('\n')}`;
}

/** `node_modules/@scope/name` of a file in it, the innermost one. */
function packageFolder(file) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replace(/^[^:]+:/, ''));
  return match ? [match[1]] : [];
}

function describe(folder) {
  const { name, version, license, repository } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const source = typeof repository === 'string' ? repository : repository?.url;
  const text = file
    ? readFileSync(path.join(folder, file), 'utf8').trim()
    : `License: ${license}. ${source ?? ''}`;
  if (!file && !license) throw new Error(`${folder} does not say its license.`);
  const parts = [INSIDE[name], text].filter((part) => part !== undefined);
  return { title: `${name} ${version}`, text: parts.join('\n\n') };
}
