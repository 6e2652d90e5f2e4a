import type { Receiver } from '@posthorn/testkit/receivers';
import { eventually } from '@posthorn/testkit/server';
import type { Posthorn } from '@posthorn/sdk';

interface SeedInput {
  readonly posthorn: Posthorn;
  /** Answers well. */
  readonly receiver: Receiver;
  /** Says that it is gone for ever. */
  readonly goneReceiver: Receiver;
}

const LOCATIONS = { 3: 'Harbour House', 7: 'Old Mill', 12: 'Station Lofts' } as const;

const BOOKINGS = [
  { ResourceName: 'Room Oak', CoworkerFullName: 'Grace Bell', location: 3 },
  { ResourceName: 'Desk 14', CoworkerFullName: 'Tomasz Zieliński', location: 7 },
  { ResourceName: 'Studio', CoworkerFullName: 'Noor van Dijk', location: 12 },
  { ResourceName: 'Room Birch', CoworkerFullName: 'Inês Carvalho', location: 3 },
] as const;

/** A space as it is after a while: people, keys, apps, places, and what took place there. */
export async function seed({ posthorn, receiver, goneReceiver }: SeedInput): Promise<void> {
  for (const [id, name] of Object.entries(LOCATIONS)) {
    await posthorn.locations.put(Number(id), { name });
  }
  await posthorn.people.create({
    name: 'Inês Carvalho',
    email: 'ines@example.com',
    role: 'manager',
    locations: [3, 7],
  });
  await posthorn.people.create({
    name: 'Tomasz Zieliński',
    email: 'tomasz@example.com',
    role: 'viewer',
    locations: [12],
  });
  const app = await posthorn.apps.create({ name: 'Door system' });
  await posthorn.apps.createKey(app.id, { name: 'Doors of the Old Mill', location: 7 });
  await posthorn.keys.create({ name: 'Booking system', scopes: ['events:write'] });
  const old = await posthorn.keys.create({
    name: 'Report of the month',
    scopes: ['events:read', 'webhooks:read', 'deliveries:read', 'audit:read'],
    expiresAt: '2099-12-31T23:59:59Z',
  });
  await posthorn.keys.rotate(old.id, { overlap: '24h' });

  await posthorn.webhooks.create({
    name: 'Room displays',
    actions: ['BookingCreate', 'BookingUpdate', 'BookingDelete'],
    url: `${receiver.url}/displays`,
    location: 3,
  });
  const gone = await posthorn.webhooks.create({
    name: 'Former agency',
    actions: ['BookingUpdate'],
    url: `${goneReceiver.url}/bookings`,
  });
  for (const [index, { location, ...booking }] of BOOKINGS.entries()) {
    await posthorn.events.report('BookingUpdate', { Id: 100 + index, ...booking }, { location });
  }
  await eventually(async () => (await posthorn.webhooks.get(gone.id)).state === 'disabled');
}
