// Texts that the extension shows, found in its sources by their types: what is given to `vscode.l10n.t` and to a
// `Translate`, templates of a `Sentence`, and the columns of tables whose texts are translated where they are shown.

import path from 'node:path';
import ts from 'typescript';

/** Tables of texts: the type of an entry, and which of its properties are shown. */
const TABLES = { CostInfo: ['title', 'unit'], Exporter: ['title'] };

/** Objects that are texts throughout, by the name of their constant. */
const TEXT_OBJECTS = ['ENGLISH'];

/**
 * Files that pass on texts which are collected where they are written.
 * messages.ts: templates of sentences; viewStrings.ts: ENGLISH.
 */
const PASSING_ON = ['src/host/messages.ts', 'src/host/present/viewStrings.ts'];

/** Sentences are made in all of these, but the command line does not translate. */
const SOURCES = /^(src\/(core|protocol|engine|host)|webview)\//;

/**
 * @param {string} root folder of the repository
 * @returns {{ texts: Set<string>, problems: string[] }} `problems` names texts that are not written as constants: a
 *   translator cannot know them
 */
export function collectTexts(root) {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, options);
  const texts = new Set();
  const problems = [];
  for (const source of program.getSourceFiles()) {
    const file = path.relative(root, source.fileName).split(path.sep).join('/');
    if (!SOURCES.test(file)) continue;
    const find = finder(program.getTypeChecker(), PASSING_ON.includes(file));
    const visit = (node) => {
      for (const { text, unknown } of find(node)) {
        if (text) texts.add(text);
        if (unknown)
          problems.push(`${file}:${lineOf(source, unknown)}: ${unknown.getText()} is not a constant text.`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { texts, problems };
}

const lineOf = (source, node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;

/** A function that gives the texts which stand at a node; expressions that are no constants as `unknown`. */
function finder(checker, passesOn) {
  return (node) => {
    if (ts.isCallExpression(node) && translates(checker, node)) {
      return passesOn ? [] : textsOf(checker, node.arguments[0]);
    }
    if (mayBeSentence(node) && isSentence(checker, node)) return textsOf(checker, node.elements[0]);
    if (isGivenAway(node) && isSentence(checker, node)) return declaredSentence(checker, node);
    if (ts.isObjectLiteralExpression(node)) return tableTexts(checker, node);
    if (ts.isVariableDeclaration(node) && TEXT_OBJECTS.includes(node.name.getText()))
      return objectTexts(node);
    return [];
  };
}

/** `vscode.l10n.t(…)`, or a call of anything whose type is Translate. */
function translates(checker, { expression }) {
  if (/(^|\.)l10n\.t$/.test(expression.getText())) return true;
  if (!ts.isIdentifier(expression)) return false;
  return checker.getTypeAtLocation(expression).aliasSymbol?.name === 'Translate';
}

/** Of an argument or an element: is a Sentence wanted there? Its tuple has no name, but its first element has. */
function isSentence(checker, node) {
  const wanted = checker.getContextualType(node);
  // An optional parameter is of the type "Sentence or undefined".
  const parts = wanted?.isUnion() ? wanted.types : [wanted];
  return parts.some((type) => type?.target?.labeledElementDeclarations?.[0]?.name.getText() === 'template');
}

/** The compiler takes its time to tell what is wanted: lists of numbers, objects and functions are not asked about. */
const mayBeSentence = (node) => {
  const first = ts.isArrayLiteralExpression(node) ? node.elements[0] : undefined;
  if (first === undefined || ts.isSpreadElement(first)) return false;
  const { NumericLiteral, ObjectLiteralExpression, ArrayLiteralExpression, ArrowFunction } = ts.SyntaxKind;
  return ![NumericLiteral, ObjectLiteralExpression, ArrayLiteralExpression, ArrowFunction].includes(
    first.kind,
  );
};

/** A name that stands as an argument. */
const isGivenAway = (node) =>
  ts.isIdentifier(node) &&
  (ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent)) &&
  node.parent.arguments?.includes(node);

/** The sentence of `const hint = ['…'] as const`; parameters get theirs where they are called. */
function declaredSentence(checker, identifier) {
  const initializer = constantOf(checker, identifier);
  const list = initializer && ts.isAsExpression(initializer) ? initializer.expression : initializer;
  return list && ts.isArrayLiteralExpression(list) ? textsOf(checker, list.elements[0]) : [];
}

function tableTexts(checker, node) {
  const shown = Object.values(TABLES).flat();
  if (!node.properties.some(({ name }) => name && shown.includes(name.getText()))) return [];
  const names = TABLES[checker.getContextualType(node)?.symbol?.name] ?? [];
  return node.properties
    .filter((property) => ts.isPropertyAssignment(property) && names.includes(property.name.getText()))
    .flatMap((property) => textsOf(checker, property.initializer));
}

function objectTexts({ initializer }) {
  const texts = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) {
      texts.push({ text: node.initializer.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(initializer);
  return texts;
}

/** Both sides of a condition, the value of a constant; nothing for a property that a table lists. */
function textsOf(checker, node) {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [{ text: node.text }];
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return textsOf(checker, node.expression);
  if (ts.isConditionalExpression(node)) {
    return [...textsOf(checker, node.whenTrue), ...textsOf(checker, node.whenFalse)];
  }
  if (ts.isIdentifier(node)) {
    const constant = constantOf(checker, node);
    if (constant) return textsOf(checker, constant);
  }
  return isListed(checker, node) ? [] : [{ unknown: node }];
}

function constantOf(checker, identifier) {
  const declaration = checker.getSymbolAtLocation(identifier)?.valueDeclaration;
  const constant =
    declaration && ts.isVariableDeclaration(declaration) && declaration.parent.flags & ts.NodeFlags.Const;
  return constant ? declaration.initializer : undefined;
}

/** `info.title`, or the `title` of `({ title }: CostInfo) => …`. */
function isListed(checker, node) {
  let owner;
  let name;
  if (ts.isPropertyAccessExpression(node)) {
    owner = checker.getTypeAtLocation(node.expression);
    name = node.name.text;
  } else if (ts.isIdentifier(node)) {
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    if (!declaration || !ts.isBindingElement(declaration)) return false;
    owner = checker.getTypeAtLocation(declaration.parent);
    name = (declaration.propertyName ?? declaration.name).getText();
  }
  const type = owner && checker.getNonNullableType(owner);
  return TABLES[type?.symbol?.name]?.includes(name) ?? false;
}
