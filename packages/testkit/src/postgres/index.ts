export { openPostgres, type PostgresInput, type PostgresServer } from './open.ts';
export { openStandby, type Standby } from './standby.ts';
export { noPgbouncer, openPgbouncer, type Pgbouncer } from './pgbouncer.ts';
