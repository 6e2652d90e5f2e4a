/**
 * `npm run bench -- accept-to-receipt [--seconds 10] [--warm-up 3]` prints a table. Talks to this machine only
 * and ends by itself.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { acceptToReceipt } from './accept-to-receipt.ts';
import { endAll } from './processes.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '3' },
  },
});
const [name = 'accept-to-receipt'] = positionals;
if (name !== 'accept-to-receipt') {
  process.stderr.write(`There is no bench ${name}. There is: accept-to-receipt\n`);
  process.exit(2);
}

try {
  process.stdout.write(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n\n`,
  );
  const rows = await acceptToReceipt(Number(values.seconds), Number(values['warm-up']));
  process.stdout.write(
    '| events/s, end to end | what | accepted/s | drain s | RSS MB |\n|---:|---|---:|---:|---:|\n',
  );
  for (const row of rows) {
    const [accepted, drain, rss] =
      row.acceptedPerSecond === 0
        ? ['', '', '']
        : [row.acceptedPerSecond, row.drainSeconds.toFixed(2), row.rssMb];
    process.stdout.write(`| ${row.perSecond} | ${row.what} | ${accepted} | ${drain} | ${rss} |\n`);
  }
} finally {
  await endAll();
}
