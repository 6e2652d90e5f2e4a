import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { engineEnvironment } from './engine.ts';

/** What the store of a running server is looked into by, beside it. */
interface Of {
  readonly dataDir: string;
}

/** Changes rows: time that passes, for instance. */
export async function changeRows(of: Of, statement: string): Promise<void> {
  await readRows(of, statement);
}

export async function readRows({ dataDir }: Of, statement: string): Promise<readonly unknown[]> {
  const { POSTHORN_DATABASE_URL: url } = await engineEnvironment(dataDir);
  if (url === undefined) {
    const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { timeout: 5000 });
    const rows = db.prepare(statement).all();
    db.close();
    return rows;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}
