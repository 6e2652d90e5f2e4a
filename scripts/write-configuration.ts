// Writes docs/configuration.md from the table of options, so that the page cannot say anything else.
// Usage: write-configuration.ts [--check]; with --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { OPTIONS } from '../packages/server/src/config/options.ts';
import { flagOf } from '../packages/server/src/config/read.ts';

const PAGE = new URL('../docs/configuration.md', import.meta.url);

const HEAD = `<!-- Written by \`npm run docs\` from packages/server/src/config/options.ts. -->

# Configuration

Every option is a variable of the environment or a flag of \`posthorn-server serve\`; a flag wins. An
empty variable counts as not set. Nothing has to be set: without options Posthorn listens on this
machine only and keeps its store in \`./data\`.

Durations carry a unit: \`500ms\`, \`2s\`, \`1m\`, \`36h\`, \`30d\`. Values are read once, at the start. All
mistakes are listed together, and the process ends with exit code 2. A variable that begins with
\`POSTHORN_\` and is no option is named in the log, as it is likely a typing error.

    POSTHORN_PORT=8080 npm start
    npm start -- --port 8080
`;

const page = await format([HEAD, ...Object.values(OPTIONS).map(section)].join('\n'), {
  ...(await resolveConfig(PAGE)),
  parser: 'markdown',
});

if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, page);
} else if (readFileSync(PAGE, 'utf8') !== page) {
  console.error('docs/configuration.md is not what the options say: run `npm run docs`.');
  process.exitCode = 1;
}

function section(option: (typeof OPTIONS)[keyof typeof OPTIONS]): string {
  return `## ${option.variable}

${option.meaning}

- Flag: \`${flagOf(option.variable)}\`
- Default: ${option.default === null ? 'none' : `\`${option.default}\``}
- Range: ${option.range}
`;
}
