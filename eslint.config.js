const tseslint = require('typescript-eslint');
const boundaries = require('eslint-plugin-boundaries');
const hooks = require('eslint-plugin-react-hooks');
const words = require('./lint/comment-opening.js');

/**
 * The inward rule of the layout: what each room may import. Only app/, the command line and tests name a concrete store. The
 * rooms of the read models go one way, so that no query reduces and no table asks; from outside `projections` is its door.
 */
const ALLOWED = {
  shared: [],
  config: [],
  domain: [],
  port: ['shared'],
  store: ['port', 'domain', 'shared'],
  repair: ['domain', 'port'],
  keys: ['port', 'shared'],
  keystores: ['keys', 'store', 'port', 'shared'],
  sealing: ['keys', 'domain', 'port', 'repair'],
  publication: ['domain', 'port', 'repair', 'shared'],
  commands: ['domain', 'port', 'repair', 'keys', 'sealing', 'shared'],
  projections: ['view', 'files', 'projector', 'queries', 'reducers'],
  files: ['projector', 'queries', 'tables', 'view', 'numbers', 'port', 'repair', 'shared'],
  projector: ['reducers', 'tables', 'view', 'numbers', 'port', 'repair', 'shared'],
  queries: ['tables', 'view', 'numbers', 'domain', 'port', 'commands', 'shared'],
  reducers: ['tables', 'view', 'numbers', 'domain', 'port', 'repair'],
  tables: ['view', 'numbers', 'domain', 'port'],
  view: ['numbers', 'domain', 'port', 'shared'],
  numbers: ['domain'],
  graphql: ['domain', 'port', 'commands', 'projections', 'config', 'shared'],
  routes: [],
  operator: ['domain', 'port', 'commands', 'projections'],
  scim: ['domain', 'port', 'commands', 'projections', 'shared'],
  http: [
    'domain',
    'port',
    'commands',
    'projections',
    'graphql',
    'config',
    'operator',
    'routes',
    'scim',
    'shared',
  ],
  observability: ['domain', 'port', 'keys', 'commands', 'projections', 'graphql', 'routes', 'shared'],
  // A leaf, like all of it: app/ and the command line alone know it. `npm run check` shows that the rest compiles without.
  operations: [
    'domain',
    'port',
    'repair',
    'commands',
    'projections',
    'publication',
    'operator',
    'config',
    'shared',
  ],
  // Leaves too: what hands out events, proves them, and answers by AuthZEN, is added to the server from outside.
  authzen: ['port', 'commands', 'projections', 'graphql', 'http', 'routes', 'config', 'shared'],
  feeds: [
    'domain',
    'port',
    'repair',
    'keys',
    'sealing',
    'commands',
    'projections',
    'graphql',
    'http',
    'routes',
    'config',
    'shared',
  ],
  transparency: [
    'domain',
    'port',
    'repair',
    'commands',
    'projections',
    'graphql',
    'http',
    'routes',
    'config',
    'shared',
  ],
  cli: [
    'domain',
    'port',
    'repair',
    'keys',
    'commands',
    'projections',
    'publication',
    'config',
    'http',
    'routes',
    'graphql',
    'operator',
    'operations',
    'feeds',
    'transparency',
    'observability',
    'shared',
    'app',
  ],
  app: [
    'domain',
    'port',
    'repair',
    'store',
    'keys',
    'keystores',
    'sealing',
    'commands',
    'projections',
    'publication',
    'graphql',
    'http',
    'routes',
    'config',
    'operator',
    'operations',
    'feeds',
    'authzen',
    'transparency',
    'observability',
    'shared',
  ],
  // A program of its own, which knows the others by the schema alone.
  console: [],
};

/** Packages of the inner rooms: values and checks, no database, protocol, file or clock. */
const INNER_PACKAGES = [
  '@sinclair/typebox',
  'canonicalize',
  'immutable',
  'lru-cache',
  'uuid',
  'node:crypto',
  'node:timers',
  'node:util',
  // Its checksum alone.
  'node:zlib',
];

module.exports = tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'coverage',
      'data',
      '*.js',
      'bin',
      'lint',
      'test/*.js',
      'test/fixtures/**/*.js',
      'console/dist',
      'console/src/generated',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './console/tsconfig.json'], tsconfigRootDir: __dirname },
    },
    plugins: { boundaries, words },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
      'boundaries/elements': [
        { type: 'port', pattern: 'src/event-store/port/**/*', mode: 'full' },
        { type: 'store', pattern: 'src/event-store/**/*', mode: 'full' },
        { type: 'config', pattern: 'src/config/**/*', mode: 'full' },
        { type: 'app', pattern: 'src/app/**/*', mode: 'full' },
        { type: 'shared', pattern: 'src/shared/**/*', mode: 'full' },
        { type: 'domain', pattern: 'src/domain/**/*', mode: 'full' },
        { type: 'repair', pattern: 'src/repair/**/*', mode: 'full' },
        { type: 'keystores', pattern: 'src/keys/stores/**/*', mode: 'full' },
        { type: 'keys', pattern: 'src/keys/**/*', mode: 'full' },
        { type: 'sealing', pattern: 'src/sealing/**/*', mode: 'full' },
        { type: 'publication', pattern: 'src/operations/publication/**/*', mode: 'full' },
        { type: 'commands', pattern: 'src/commands/**/*', mode: 'full' },
        { type: 'observability', pattern: 'src/observability/**/*', mode: 'full' },
        { type: 'operator', pattern: 'src/operator/**/*', mode: 'full' },
        { type: 'operations', pattern: 'src/operations/**/*', mode: 'full' },
        { type: 'graphql', pattern: 'src/graphql/**/*', mode: 'full' },
        { type: 'scim', pattern: 'src/scim/**/*', mode: 'full' },
        { type: 'feeds', pattern: 'src/feeds/**/*', mode: 'full' },
        { type: 'authzen', pattern: 'src/authzen/**/*', mode: 'full' },
        { type: 'transparency', pattern: 'src/transparency/**/*', mode: 'full' },
        { type: 'routes', pattern: 'src/http/routes.ts', mode: 'full' },
        { type: 'http', pattern: 'src/http/**/*', mode: 'full' },
        { type: 'cli', pattern: 'src/cli/**/*', mode: 'full' },
        ...['files', 'projector', 'queries', 'reducers', 'tables'].map((room) => ({
          type: room,
          pattern: `projections/${room}/**/*`,
          mode: 'full',
        })),
        {
          type: 'view',
          pattern:
            'projections/{view,feed-reads,interval-rows,history-types,history-rows,sign-in-rows,diff-rows,preview-rows,pages}.ts',
          mode: 'full',
        },
        { type: 'projections', pattern: 'projections/index.ts', mode: 'full' },
        { type: 'numbers', pattern: 'projections/*', mode: 'full' },
        { type: 'console', pattern: 'console/**/*', mode: 'full' },
      ],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'words/comment-opening': 'error',
      // `Map` and `Set` are those of the language; those of `immutable` say so by their names.
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportDeclaration[source.value="immutable"] > ImportSpecifier[local.name=/^(Map|Set)$/]',
          message: 'Import it as ImmutableMap or ImmutableSet: the name is that of a built-in.',
        },
        {
          selector: 'ClassDeclaration[superClass.name=/Error$/]:not([id.name=/Error$/])',
          message: 'The name of an error class ends with Error.',
        },
        {
          selector:
            'ClassDeclaration[superClass.name=/Error$/] > ClassBody:not(:has(> PropertyDefinition[key.name="name"]))',
          message:
            'An error says its name: `override readonly name = ...`, which logs and stack traces show.',
        },
      ],
      // A table of cases is as easy to read as it is long, so that a switch counts as one branch.
      complexity: ['error', { max: 15, variant: 'modified' }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          message:
            '${file.type} may not depend on ${dependency.type}: dependencies point inward (eslint.config.js)',
          rules: Object.entries(ALLOWED).map(([from, allow]) => ({
            from,
            allow: [from, ...allow, ...(allow.includes('projections') ? ['view'] : [])],
          })),
        },
      ],
      'boundaries/external': [
        'error',
        {
          default: 'allow',
          message:
            '${file.type} may not depend on ${dependency.source}: it is an inner room (eslint.config.js)',
          rules: ['domain', 'port', 'repair', 'keys', 'sealing', 'commands'].flatMap((from) => [
            { from, disallow: ['*', '*/*', '*/*/*'] },
            { from, allow: INNER_PACKAGES },
          ]),
        },
      ],
    },
  },
  {
    files: ['src/{graphql,domain,config,observability}/**/*.ts'],
    rules: { 'words/description-opening': 'error' },
  },
  {
    files: ['console/**/*.{ts,tsx}'],
    plugins: { hooks },
    rules: { 'hooks/rules-of-hooks': 'error', 'hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    // A test may name a concrete store, and narrated tests are as long as their subject asks.
    rules: {
      'boundaries/element-types': 'off',
      complexity: 'off',
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      'max-params': 'off',
    },
  },
);
