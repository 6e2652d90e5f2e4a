import { openDesk, type Step, type Story } from './desk.ts';
import { createRandom } from './random.ts';
import { type Location, openLocations } from './space.ts';
import { bookingStory, type Diary } from './stories/booking.ts';
import { checkInStory, type Presence } from './stories/check-in.ts';
import { helpDeskStory } from './stories/help-desk.ts';
import { type InvoiceNumbers, invoiceStory } from './stories/invoice.ts';
import { visitorStory } from './stories/visitor.ts';

export type { Step } from './desk.ts';
export { LOCATIONS } from './space.ts';

export interface FrontDesk {
  /** What takes place next. There is always something. */
  next(): Step;
}

/** How many stories are told at once: enough that neighbouring steps rarely belong together. */
const OPEN_STORIES = 24;

/**
 * A working day at a made-up coworking space that never ends: bookings, visitors, check-ins,
 * invoices and help-desk messages at three locations, many stories at once. All records of one story
 * agree with each other. Nothing is random but by `seed`, and no time is told but by `now` (epoch
 * ms), so the same seed and clock give the same steps.
 */
export function openFrontDesk({ seed, now }: { seed: number; now: () => number }): FrontDesk {
  const random = createRandom(seed);
  const desk = openDesk(random, now);
  const locations = openLocations(random, now());
  const diary: Diary = new Set();
  const presence: Presence = { inside: new Set(), records: new Map() };
  const invoiceNumbers: InvoiceNumbers = new Map();

  const booking = (location: Location) => bookingStory(desk, diary, location);
  const checkIn = (location: Location) => checkInStory(desk, presence, location);
  const visitor = (location: Location) => visitorStory(desk, location);
  const invoice = (location: Location) => invoiceStory(desk, invoiceNumbers, location);
  const helpDesk = (location: Location) => helpDeskStory(desk, location);
  /** As often as they begin on a day. */
  const kinds = [booking, booking, booking, visitor, visitor, checkIn, checkIn, invoice, helpDesk];

  const open = new Set<Story>();
  return {
    next: () => {
      for (;;) {
        while (open.size < OPEN_STORIES) open.add(random.pick(kinds)(random.pick(locations)));
        const story = random.pick([...open]);
        const { value: step } = story.next();
        if (step !== undefined) return step;
        open.delete(story);
      }
    },
  };
}
