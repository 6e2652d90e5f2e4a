import { type Desk, minutesUntil, type Story, type Values } from '../desk.ts';
import { type Location, HOST, type Member, type Room } from '../space.ts';
import {
  clockTime,
  dayAndTime,
  DAY_MS,
  HALF_HOUR_MS,
  MINUTE_MS,
  secondText,
  startOfDay,
} from '../times.ts';

/** Which half-hours of which room are taken, so that nobody books what somebody has. */
export type Diary = Set<string>;

interface Slot {
  readonly room: Room;
  /** Epoch ms, on a half-hour. */
  readonly from: number;
  readonly to: number;
}

const OPENS_AT_MINUTE = 8 * 60;
const LATEST_START_MINUTE = 17 * 60;
const NOTES = [
  null,
  null,
  'Interview, please keep it quiet next door.',
  'We bring our own cake.',
  'With screen and camera.',
];

/** A room is booked; often the booking is changed or cancelled later. */
export function* bookingStory(desk: Desk, diary: Diary, location: Location): Story {
  const { random } = desk;
  const member = random.pick(location.members);
  let slot = takeSlot(desk, diary, random.pick(location.rooms));
  let booking = desk.create('BookingCreate', {
    ...memberValues(member),
    ...slotValues(desk, slot),
    Notes: random.pick(NOTES),
    UpdatedBy: member.email,
  });
  yield desk.report(location, 'BookingCreate', booking, `${member.name} books ${told(slot)}`);

  while (random.chance(35)) {
    const before = slot;
    slot = takeSlot(desk, diary, random.pick(location.rooms));
    release(diary, before);
    booking = desk.change(booking, { ...slotValues(desk, slot), UpdatedBy: member.email });
    yield desk.report(
      location,
      'BookingUpdate',
      booking,
      `${member.name} moves from ${told(before)} to ${told(slot)}`,
    );
  }

  if (random.chance(25)) {
    release(diary, slot);
    booking = desk.change(booking, {
      MinutesToStart: minutesUntil(desk, slot.from),
      InternalNotes: `Cancelled by ${member.name}.`,
      UpdatedBy: HOST.email,
    });
    yield desk.report(location, 'BookingDelete', booking, `${member.name} cancels ${told(slot)}`);
  }
}

/** A free time of a working day; the fuller the diary, the later the day. */
function takeSlot(desk: Desk, diary: Diary, room: Room): Slot {
  const { random } = desk;
  const today = startOfDay(desk.now());
  for (let tries = 0; ; tries += 1) {
    const day = today + random.between(1, 5 + tries) * DAY_MS;
    const from =
      day + random.between(OPENS_AT_MINUTE / 30, LATEST_START_MINUTE / 30) * HALF_HOUR_MS;
    const slot = { room, from, to: from + random.between(1, 5) * HALF_HOUR_MS };
    const weekend = [0, 6].includes(new Date(day).getUTCDay());
    if (weekend || halfHours(slot).some((key) => diary.has(key))) continue;
    for (const key of halfHours(slot)) diary.add(key);
    return slot;
  }
}

function release(diary: Diary, slot: Slot): void {
  for (const key of halfHours(slot)) diary.delete(key);
}

function halfHours({ room, from, to }: Slot): string[] {
  return Array.from(
    { length: (to - from) / HALF_HOUR_MS },
    (_, index) => `${room.id} ${from + index * HALF_HOUR_MS}`,
  );
}

function memberValues(member: Member): Values {
  return {
    CoworkerId: member.id,
    CoworkerFullName: member.name,
    CoworkerBillingName: member.company,
    CoworkerCompanyName: member.company,
    TariffAtTheTimeOfBooking: member.plan.name,
  };
}

function slotValues(desk: Desk, { room, from, to }: Slot): Values {
  const cost = (room.pricePerHour * (to - from)) / (60 * MINUTE_MS);
  return {
    ResourceId: room.id,
    ResourceName: room.name,
    FromTime: secondText(from),
    ToTime: secondText(to),
    MinutesToStart: minutesUntil(desk, from),
    EstimatedCost: cost,
    EstimatedCostWithProducts: cost,
    EstimagedCost: cost,
    ToStringText: `${room.name}: ${dayAndTime(from)}-${clockTime(to)}`,
  };
}

function told({ room, from, to }: Slot): string {
  return `${room.name}, ${dayAndTime(from)}-${clockTime(to)}`;
}
