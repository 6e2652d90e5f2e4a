import { createHash } from 'node:crypto';
import sql, { raw } from 'sql-template-tag';
import type { Tx } from '../tx.ts';
import type { Dialect } from './dialects.ts';
import { type Migration, MIGRATIONS } from './migrations.ts';

/**
 * Brings the schema up to date inside the caller's transaction. Each step is recorded with a
 * checksum. Throws if a step that ran before reads differently now, or if the store was written
 * by a newer Posthorn than this one.
 */
export async function migrate(tx: Tx, dialect: Dialect, now: number): Promise<void> {
  await tx.run(sql`
    create table if not exists migrations (
      id integer primary key,
      name text not null,
      checksum text not null,
      applied_at bigint not null
    )`);
  const applied = await tx.all<{ id: number; checksum: string }>(
    sql`select id, checksum from migrations order by id`,
  );
  for (const { id, checksum } of applied) {
    const migration = MIGRATIONS.find((known) => known.id === id);
    if (!migration)
      throw new Error(
        `the store has migration ${id}, which this version does not know: it was written by a newer Posthorn`,
      );
    if (checksum !== checksumOf(migration))
      throw new Error(`migration ${id} differs from the one that was applied to this store`);
  }
  for (const migration of MIGRATIONS.slice(applied.length)) {
    for (const statement of migration.statements) await tx.run(raw(inDialect(statement, dialect)));
    await tx.run(sql`
      insert into migrations (id, name, checksum, applied_at)
      values (${migration.id}, ${migration.name}, ${checksumOf(migration)}, ${now})`);
  }
}

function inDialect(statement: string, dialect: Dialect): string {
  return statement.replaceAll(/\{(\w+)\}/g, (_, word: keyof Dialect) => dialect[word]);
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.statements.join(';')).digest('hex');
}
