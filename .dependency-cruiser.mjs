// The import directions of the project, folder by folder. `npm run check:structure` tries them.
//
// The parser is imported here for its absence: without one dependency-cruiser sees no TypeScript,
// finds nothing to object to and passes.
import '@swc/core';

const SERVER = '^packages/server/src/';
const TEST = '\\.test\\.ts$|^packages/[^/]+/test/';

/** The files of some folders of the server, without their tests. */
function folder(...names) {
  return { path: `${SERVER}(${names.join('|')})/`, pathNot: TEST };
}

const rules = [
  {
    name: 'no-cycles',
    comment: 'Two files that need each other are one file, or want a third. Types count as well.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-resolves',
    comment: 'An import that leads nowhere would hide from the rules below.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'verdict-is-pure',
    comment:
      'What follows from an outcome depends on its arguments alone: no store, no clock, no library.',
    from: folder('verdict'),
    to: { pathNot: `${SERVER}(verdict/|attempt/outcome\\.ts$|config/durations\\.ts$)` },
  },
  {
    name: 'verdict-knows-outcomes-as-types',
    comment: 'The verdict reads an outcome; it does not run anything of the attempt.',
    from: folder('verdict'),
    to: { path: `${SERVER}attempt/`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'attempt-is-one-call',
    comment:
      'An attempt is given all that it needs and returns a report; what is done with it is not its business.',
    from: folder('attempt'),
    to: {
      path: `${SERVER}(accept|api|history|lanes|live|settings|settle|store|upkeep|verdict)/|${SERVER}(app|main)\\.ts$`,
    },
  },
  {
    name: 'net-stands-alone',
    comment: 'The guard is read, tested and trusted by itself.',
    from: folder('net'),
    to: { path: '^packages/', pathNot: `${SERVER}net/` },
  },
  {
    name: 'catalogue-stands-alone',
    comment: 'The catalogue is data: the engine reads it, it reads nothing.',
    from: folder('catalogue'),
    to: { path: '^packages/', pathNot: `${SERVER}catalogue/` },
  },
  {
    name: 'config-stands-alone',
    comment: 'Everything may read the configuration, so it can depend on nothing.',
    from: folder('config'),
    to: { path: '^packages/', pathNot: `${SERVER}config/` },
  },
  {
    name: 'store-is-the-only-door-to-databases',
    comment: 'The bench fills stores of a size that nobody would wait for, and its peers log.',
    from: { path: '^packages/', pathNot: `${SERVER}store/|^packages/(testkit|bench)/|${TEST}` },
    to: { path: '^(node:)?sqlite$|(^|/)node_modules/(@types/)?pg/|^pg$' },
  },
  {
    name: 'store-is-below',
    comment:
      'The store keeps what it is given; those who decide call it, never the other way round.',
    from: folder('store'),
    to: {
      path: `${SERVER}(accept|api|history|lanes|live|move|settings|settle|upkeep|net)/|${SERVER}(app|main)\\.ts$`,
    },
  },
  {
    name: 'one-way-out',
    comment: 'Calls leave through the guard. A second HTTP client would be a way around it.',
    from: { path: SERVER, pathNot: `${SERVER}(net|attempt)/|${TEST}` },
    to: { path: '(^|/)node_modules/undici/|^undici$|^(node:)?https?$|^(node:)?http2$' },
  },
  {
    name: 'one-file-speaks-openid-connect',
    comment:
      'The library would use the platform’s `fetch`, around the guard; that file gives it ours.',
    from: { path: '^packages/', pathNot: `${SERVER}oidc/provider\\.ts$` },
    to: { path: '(^|/)node_modules/openid-client/|^openid-client$' },
  },
  {
    name: 'api-is-the-outermost-layer',
    comment:
      'HTTP in is one way to ask; whatever something else needs as well lies below it. `nexudus` is HTTP in as well.',
    from: { path: '^packages/', pathNot: `${SERVER}((api|nexudus)/|app\\.ts$)|${TEST}` },
    to: { path: `${SERVER}api/` },
  },
  {
    name: 'nexudus-is-known-by-the-server-alone',
    from: { path: '^packages/', pathNot: `${SERVER}(nexudus/|api/server\\.ts$)|${TEST}` },
    to: { path: `${SERVER}nexudus/` },
  },
  {
    name: 'only-its-command-starts-the-service',
    from: {
      path: '^packages/',
      pathNot: `${SERVER}(serve/|commands/serve\\.ts$)|${TEST}|^packages/testkit/`,
    },
    to: { path: `${SERVER}(serve/|(app|main)\\.ts$)` },
  },
  {
    name: 'commands-are-run-by-main',
    from: { path: '^packages/', pathNot: `${SERVER}(main\\.ts$|commands/)|${TEST}` },
    to: { path: `${SERVER}commands/` },
  },
  {
    name: 'move-runs-by-itself',
    comment:
      'A store is moved while no service uses it: the move shares the store with it, no more.',
    from: folder('move'),
    to: {
      path: SERVER,
      pathNot: `${SERVER}(move|store|telemetry)/|settings/secret-(box|keys)\\.ts$`,
    },
  },
  {
    name: 'the-service-knows-no-move',
    from: { path: SERVER, pathNot: `${SERVER}(move|commands)/|${TEST}` },
    to: { path: `${SERVER}move/` },
  },
  {
    name: 'tests-stay-out-of-the-product',
    from: { path: '^packages/(server|sdk|cli|ui)/src/', pathNot: TEST },
    to: { path: `${TEST}|^packages/testkit/` },
  },
  {
    name: 'server-declares-what-it-runs-on',
    comment:
      'A development dependency, or one of another package, is absent where the server is installed.',
    from: { path: SERVER, pathNot: TEST },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'server-knows-no-other-package',
    from: { path: SERVER, pathNot: TEST },
    to: { path: '^packages/', pathNot: '^packages/server/' },
  },
  {
    name: 'ui-knows-the-sdk-alone',
    comment: 'A page can do what every program can that has a key, and nothing else.',
    from: { path: '^packages/ui/src/' },
    to: { path: '^packages/', pathNot: '^packages/(ui/|sdk/src/)' },
  },
  {
    name: 'pages-stand-side-by-side',
    comment: 'What two pages need is a part; a page can be read, changed and dropped alone.',
    from: { path: '^packages/ui/src/pages/([^/]+)/' },
    to: { path: '^packages/ui/src/pages/', pathNot: '^packages/ui/src/pages/$1/' },
  },
  {
    name: 'parts-know-no-page',
    from: { path: '^packages/ui/src/(api|frame|parts|queries|texts|theme)/' },
    to: { path: '^packages/ui/src/(pages/|routes\\.tsx$|app\\.tsx$)' },
  },
  {
    name: 'others-meet-the-server-by-http',
    comment:
      'What the demo, the bench, the CLI and the UI can do, every integrator can: they know the API and the catalogue.',
    from: { path: '^packages/(bench|cli|demo|sdk|ui)/' },
    to: { path: '^packages/server/', pathNot: `${SERVER}catalogue/` },
  },
];

export default {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/|^packages/server/ui/|^virtual:' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
