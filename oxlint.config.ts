import { defineConfig, type OxlintConfig } from 'oxlint';

/**
 * The layers that each layer of packages/core may import. Imports have one direction, so that the engine stays pure: a
 * tab, a process, a queue or a property test can drive it.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  errors: ['wire'],
  clock: ['errors'],
  schema: ['wire', 'errors'],
  engine: ['wire', 'errors', 'schema'],
  parts: ['wire', 'errors', 'engine'],
  ownership: [],
  agent: ['wire', 'errors', 'schema', 'engine'],
  client: ['wire', 'errors', 'clock', 'engine'],
  store: ['wire', 'errors', 'clock', 'engine'],
  run: ['wire', 'errors', 'engine', 'agent', 'store'],
  driver: ['wire', 'errors', 'clock', 'schema', 'engine', 'agent', 'client', 'store', 'run', 'ownership'],
  queue: ['wire', 'errors', 'clock', 'engine', 'agent', 'client', 'store', 'run', 'ownership', 'driver'],
  testing: ['wire', 'errors', 'clock', 'schema', 'store'],
  server: ['wire', 'errors', 'clock', 'engine', 'agent', 'run'],
  remote: ['wire', 'errors', 'clock', 'engine', 'agent', 'store', 'run'],
  web: ['wire', 'errors', 'clock', 'engine', 'store'],
  otel: ['wire', 'errors', 'engine', 'run'],
  'zod-mini': ['schema'],
};

/** The folders of `driver` that each folder of `driver` may import. */
const driverFolders: Readonly<Record<string, readonly string[]>> = {
  publication: [],
  saved: [],
  tools: [],
  requests: [],
  loop: ['requests', 'tools', 'saved'],
  ownership: ['loop', 'publication', 'saved'],
  runner: ['ownership', 'loop', 'publication', 'saved', 'tools'],
};

type ImportPattern = { regex: string; message: string };

const innerIndex: ImportPattern = {
  regex: '/index(?:\\.[jt]sx?)?$',
  message: 'Import the file that has the concept: an index is for users of the package.',
};
const nodeModules: ImportPattern = {
  regex: '^node:',
  message:
    'Browsers load this file. Code that needs Node belongs in an entry of its own, such as testing/node.ts.',
};
const openai: ImportPattern = {
  regex: '^openai(?:/|$)',
  message: "Use the types in wire/: published types that import `openai` break users who don't have it.",
};
const ownPackage: ImportPattern = {
  regex: '^@longhaul/core(?:/|$)',
  message: 'Import relatively inside the package.',
};

function importsOfLayer(layer: string): ImportPattern {
  const allowed = layers[layer] ?? [];
  const forbidden = Object.keys(layers).filter((other) => other !== layer && !allowed.includes(other));
  const may = allowed.length === 0 ? 'no other layer' : `only ${allowed.join(', ')}`;
  return { regex: `^(?:\\.\\./)+(?:${forbidden.join('|')})/`, message: `${layer}/ may import ${may}.` };
}

type Override = NonNullable<OxlintConfig['overrides']>[number];

// A later override replaces an earlier rule of the same name, so each names all of its patterns.
function restrictImports(files: string[], patterns: ImportPattern[]): Override {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const layerOverrides = Object.keys(layers).map((layer) =>
  restrictImports(
    [`packages/core/src/${layer}/**/*.ts`],
    [importsOfLayer(layer), innerIndex, nodeModules, openai, ownPackage],
  ),
);

function importsOfDriverFolder(folder: string): ImportPattern {
  const allowed = driverFolders[folder] ?? [];
  const forbidden = Object.keys(driverFolders).filter(
    (other) => other !== folder && !allowed.includes(other),
  );
  const may = allowed.length === 0 ? 'none' : `only ${allowed.join(', ')}`;
  return {
    regex: `^\\.\\./(?:${forbidden.join('|')})/`,
    message: `driver/${folder}/ may import ${may} of driver's folders.`,
  };
}

const driverOverrides = Object.keys(driverFolders).map((folder) =>
  restrictImports(
    [`packages/core/src/driver/${folder}/**/*.ts`],
    [importsOfDriverFolder(folder), importsOfLayer('driver'), innerIndex, nodeModules, openai, ownPackage],
  ),
);

const impureGlobals = [
  'Date',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'performance',
  'globalThis',
  'process',
  'console',
].map((name) => ({
  name,
  message:
    'Engine and ownership are pure: events contain the time, random numbers and answers; effects and commands are data.',
}));

const tests = ['**/*.test.{ts,tsx}', '**/*.test-d.{ts,tsx}'];
/** Test support may be as long as tests. */
const testSupport = ['test/survival/**', '**/test-support/**'];

const config: OxlintConfig = defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'react', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['**/dist/**', '**/node_modules/**', 'test/results/**'],
  options: { typeAware: true, denyWarnings: true },
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-floating-promises': 'error',
    // Options are objects of functions that a user wrote; taking them apart is how they are read.
    'typescript/unbound-method': 'off',
    // It refuses every narrowing, also the one after a check that TypeScript cannot follow.
    'typescript/no-unsafe-type-assertion': 'off',
    // TypeScript's `noImplicitReturns` knows that an exhaustive switch returns; this rule does not.
    'typescript/consistent-return': 'off',
    // Messages quote JSON from outside unchanged.
    'typescript/no-base-to-string': 'off',
    // A loop that changes its collection iterates over a copy.
    'unicorn/no-useless-spread': 'off',
    // `fc.property` is the form that fast-check's documentation uses.
    'import/no-named-as-default-member': 'off',
    'vitest/require-mock-type-parameters': 'off',
    // A test that kills processes or breaks stores has several valid results, with different assertions.
    'vitest/no-conditional-expect': 'off',
    // Titles that contain the seed are templates.
    'vitest/valid-title': 'off',
    // The caller determines the type of the progress that a worker reports.
    'typescript/no-unnecessary-type-parameters': 'off',
    'vitest/require-to-throw-message': 'off',
    // It refuses messages, and assertions that are awaited after the clock moved; no-floating-promises does the rest.
    'vitest/valid-expect': 'off',
    'vitest/expect-expect': [
      'error',
      { assertFunctionNames: ['expect', 'expectTypeOf', 'fc.assert', 'expect*'] },
    ],
    // A worker's `postMessage` has no target origin.
    'unicorn/require-post-message-target-origin': 'off',
    // `while (!signal.aborted)` is a loop that ends.
    'eslint/no-unmodified-loop-condition': 'off',
    // `export {}` marks a module.
    'unicorn/require-module-specifiers': 'off',
    // The new JSX transform needs no React in scope.
    'react/react-in-jsx-scope': 'off',
    // A MessagePort starts automatically only with `onmessage`.
    'unicorn/prefer-add-event-listener': 'off',
    // A style sheet is imported for its effect.
    'import/no-unassigned-import': 'off',
    // A function may stand where it is read.
    'unicorn/consistent-function-scoping': 'off',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    'typescript/consistent-type-imports': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'eslint/no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
    'eslint/max-lines': ['error', { max: 300 }],
    'eslint/eqeqeq': 'error',
  },
  overrides: [
    ...layerOverrides,
    ...driverOverrides,
    restrictImports(['packages/core/src/*.ts'], [innerIndex, nodeModules, openai, ownPackage]),
    restrictImports(['packages/react/src/**/*.{ts,tsx}'], [innerIndex, nodeModules, openai]),
    // The entry includes the code of the loop, so that tests do not wait until it is loaded.
    restrictImports(['packages/core/src/testing/index.ts'], [innerIndex, nodeModules, openai, ownPackage]),
    // The entries that only Node loads.
    restrictImports(
      ['packages/core/src/testing/node.ts'],
      [importsOfLayer('testing'), innerIndex, openai, ownPackage],
    ),
    restrictImports(
      ['packages/core/src/store/{sqlite,postgres}.ts', 'packages/core/src/store/{sqlite,postgres}/**/*.ts'],
      [importsOfLayer('store'), innerIndex, openai, ownPackage],
    ),
    restrictImports(
      ['packages/core/src/queue/**/*.ts'],
      [importsOfLayer('queue'), innerIndex, openai, ownPackage],
    ),
    {
      // Each switch must have a case for a new phase, event or effect. `default` would hide it.
      files: ['packages/core/src/{engine,ownership,driver}/**/*.ts'],
      rules: { 'typescript/switch-exhaustiveness-check': 'error' },
    },
    {
      files: ['packages/core/src/{engine,ownership}/**/*.ts'],
      excludeFiles: tests,
      rules: {
        'no-restricted-globals': ['error', ...impureGlobals],
        'no-restricted-properties': [
          'error',
          {
            object: 'Math',
            property: 'random',
            message: 'The engine is pure: events contain the random numbers.',
          },
        ],
      },
    },
    {
      files: [...tests, ...testSupport],
      rules: { 'no-restricted-imports': 'off', 'eslint/max-lines': ['error', { max: 350 }] },
    },
    // The tools look for a default export.
    { files: ['**/*.config.ts', '**/page-environment.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});

export default config;
