// One place for the rules a machine can hold: import boundaries, no `any`, no floating promises.
import tseslint from 'typescript-eslint';

/** Folders of src that a world may not import from, with the sentence the developer reads. */
const boundary = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }] },
});

const up = String.raw`(^|/)\.\./(.*/)?`;

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'out/**',
      '.vscode-test/**',
      'node_modules/**',
      'examples/**',
      'src/engine/kernels/*.as.ts',
      'src/core/importers/*/schema/*Proto.*',
      'src/core/importers/tflite/schema/*.ts',
      'test/fixtures/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './webview/tsconfig.json', './test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Our objects are closures: their methods use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // `!` says "in bounds by construction" where noUncheckedIndexedAccess cannot see it (numeric loops).
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  boundary(
    ['src/core/**/*.ts'],
    String.raw`^node:|^vscode$|${up}(engine|host|cli|protocol|webview)/`,
    'core is pure: it imports only core (and libraries that run anywhere).',
  ),
  boundary(
    ['src/protocol/**/*.ts'],
    String.raw`^vscode$|${up}(engine|host|cli|webview)/`,
    'protocol imports nothing of the product but types of core.',
  ),
  boundary(
    ['src/engine/**/*.ts'],
    String.raw`^vscode$|${up}(host|cli)/`,
    'engine never imports host or cli.',
  ),
  boundary(['src/host/**/*.ts'], String.raw`${up}(engine|cli)/`, 'host never imports engine or cli.'),
  boundary(
    ['src/cli/**/*.ts'],
    String.raw`^vscode$|${up}(engine|host)/`,
    'cli never imports engine or host.',
  ),
  boundary(
    ['webview/**/*.ts'],
    String.raw`^node:|^vscode$|${up}src/(?!protocol/webview\.ts)`,
    'webview imports only its own files and src/protocol/webview.ts.',
  ),
  // Declarations of what others made: their form is not ours to choose.
  {
    files: ['**/*.d.ts'],
    rules: { 'no-restricted-exports': 'off', '@typescript-eslint/no-extraneous-class': 'off' },
  },
  { files: ['src/cli/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'describe', 'it'] },
          ],
        },
      ],
    },
  },
  {
    files: ['.vscode-test.mjs', 'esbuild.mjs', 'eslint.config.mjs', 'scripts/**/*.{mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-restricted-exports': 'off', 'no-console': 'off' },
  },
);
