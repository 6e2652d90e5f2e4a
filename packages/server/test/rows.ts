import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { engineEnvironment } from './engine.ts';

/** Changes rows of a running server's store, beside it: time that passes, for instance. */
export async function changeRows(
  { dataDir }: { readonly dataDir: string },
  statement: string,
): Promise<void> {
  const { POSTHORN_DATABASE_URL: url } = await engineEnvironment(dataDir);
  if (url === undefined) {
    const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { timeout: 5000 });
    db.exec(statement);
    db.close();
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
