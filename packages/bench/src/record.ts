/** A booking of about 1 kB, as the benches report it. */
export function sampleRecord(id: number): string {
  const record = {
    Id: 1_400_000_000 + id,
    ResourceName: 'Room Oak',
    CoworkerFullName: 'Nora Lind',
    FromTime: '2026-02-03T14:00:00Z',
    ToTime: '2026-02-03T15:30:00Z',
    Notes: 'Four people, one on the screen from abroad. '.repeat(16),
    UniqueId: '948e03e7-054b-419e-a6cb-431e942f90ae',
    UpdatedBy: 'nora.lind@example.com',
    ToStringText: 'Room Oak: 03/02/2026 14:00 - 15:30, Nora Lind',
  };
  return JSON.stringify(record);
}

/** What begins a record that carries the instant of its report. */
export const SENT_AT = '{"SentAtUs":';

/** The record with this instant of the monotonic clock in front, in microseconds. */
export function stamped(record: string): Buffer {
  const nowUs = process.hrtime.bigint() / 1000n;
  return Buffer.from(`${SENT_AT}${nowUs},${record.slice(1)}`);
}
