import { createHash } from 'node:crypto';
import sql, { raw } from 'sql-template-tag';
import type { Tx } from '../tx.ts';
import type { Dialect } from './dialects.ts';
import { type Migration, MIGRATIONS } from './migrations.ts';
import { refusalOf } from './version.ts';

/**
 * Brings the schema up to date inside the caller's transaction. Each step is recorded with a
 * checksum. Throws if a step that ran before reads differently now, or if a newer Posthorn brought
 * the store to a schema that this one cannot work with.
 */
export async function migrate(tx: Tx, dialect: Dialect, now: number): Promise<void> {
  await tx.run(sql`
    create table if not exists migrations (
      id integer primary key,
      name text not null,
      checksum text not null,
      oldest integer not null,
      applied_at bigint not null
    )`);
  const applied = await tx.all<{ id: number; checksum: string; oldest: number }>(
    sql`select id, checksum, oldest from migrations order by id`,
  );
  const refusal = refusalOf(Math.max(0, ...applied.map(({ oldest }) => oldest)));
  if (refusal !== null) throw new Error(refusal);
  for (const { id, checksum } of applied) {
    const migration = MIGRATIONS.find((known) => known.id === id);
    // Of a newer Posthorn that says that we may go on.
    if (!migration) continue;
    if (checksum !== checksumOf(migration))
      throw new Error(`migration ${id} differs from the one that was applied to this store`);
  }
  for (const migration of MIGRATIONS.slice(applied.length)) {
    for (const statement of migration.statements) await tx.run(raw(inDialect(statement, dialect)));
    await tx.run(sql`
      insert into migrations (id, name, checksum, oldest, applied_at)
      values (${migration.id}, ${migration.name}, ${checksumOf(migration)}, ${migration.oldest},
        ${now})`);
  }
}

function inDialect(statement: string, dialect: Dialect): string {
  return statement.replaceAll(/\{(\w+)\}/g, (_, word: keyof Dialect) => dialect[word]);
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.statements.join(';')).digest('hex');
}
