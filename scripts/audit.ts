// Says which packages that run in production have known holes. Without an answer of the registry it
// says so and passes: a check that fails without a network would be switched off.
import { spawnSync } from 'node:child_process';

interface Report {
  readonly error?: { readonly summary?: string };
  readonly message?: string;
  readonly vulnerabilities?: Readonly<Record<string, Hole>>;
}

interface Hole {
  readonly severity: string;
  readonly range: string;
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  timeout: 120_000,
});
const report = read(stdout);
if (report?.vulnerabilities === undefined) {
  const why = report?.message ?? report?.error?.summary ?? error?.message ?? 'no report';
  console.log(`Not audited: the registry did not answer (${why.split('\n')[0]}).`);
} else {
  const holes = Object.entries(report.vulnerabilities);
  for (const [name, { severity, range, via }] of holes) {
    console.error(`${name} ${range}: ${severity}`);
    for (const cause of via)
      if (typeof cause !== 'string') console.error(`  ${cause.title} ${cause.url}`);
  }
  if (holes.length > 0) process.exitCode = 1;
  else console.log('No known hole in what runs in production.');
}

function read(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
