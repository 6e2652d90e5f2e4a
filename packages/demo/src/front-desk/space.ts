import type { Random } from './random.ts';
import { secondText } from './times.ts';

/** The made-up house that the demo tells of: three locations, their rooms, and the people in them. */
export interface Location {
  readonly id: number;
  readonly name: string;
  /** Begins the numbers of its invoices. */
  readonly code: string;
  readonly rooms: readonly Room[];
  readonly members: readonly Member[];
}

export interface Room {
  readonly id: number;
  readonly name: string;
  readonly pricePerHour: number;
}

export interface Plan {
  readonly id: number;
  readonly name: string;
  readonly price: number;
}

export interface Member {
  readonly id: number;
  readonly uniqueId: string;
  readonly userId: number;
  readonly name: string;
  readonly company: string;
  readonly email: string;
  readonly plan: Plan;
  readonly joinedOn: string;
}

/** Who sits at the front desk, answers, and is written into `UpdatedBy`. */
export const HOST = { name: 'Hanna Vik', email: 'hanna.vik@ternhouse.example' };
export const CURRENCY = 'EUR';
export const TAX_PERCENT = 24;

/** The catalogue's samples tell of the same house; ids that they mention are the same here. */
const PLANS: readonly Plan[] = [
  { id: 1402255107, name: 'Resident Desk', price: 310 },
  { id: 1402255118, name: 'Flex Desk', price: 145.5 },
  { id: 1402255126, name: 'Postbox', price: 34.9 },
];

/** In the order of the house's website. */
export const LOCATIONS = [
  {
    id: 1407523011,
    name: 'Tern House Harbour',
    code: 'THH',
    rooms: [
      { id: 1404418233, name: 'Room Oak', pricePerHour: 24 },
      { id: 1404418240, name: 'Room Birch', pricePerHour: 18 },
      { id: 1404418251, name: 'Room Alder', pricePerHour: 12.5 },
    ],
    members: [
      ['Nora Lind', 'Lind Lettering'],
      ['José Álvarez', 'Estudio Álvarez'],
      ['Amara Osei', 'Osei Analytics'],
      ['Mikkel Dahl', 'Dahl Boatworks'],
      ['Pia Solberg', 'Solberg & Daughters'],
      ['Ravi Menon', 'Menon Shipping'],
      ['Chloë Martin', 'Atelier Martin'],
      ['Tom Okafor', 'Okafor Sound'],
    ],
  },
  {
    id: 1407523148,
    name: 'Tern House Old Mill',
    code: 'THM',
    rooms: [
      { id: 1404418702, name: 'the Wheel Room', pricePerHour: 32 },
      { id: 1404418715, name: 'the Loft', pricePerHour: 21.5 },
      { id: 1404418729, name: 'Room Rye', pricePerHour: 15 },
    ],
    members: [
      ['Birta Jónsdóttir', 'Birta Translates'],
      ['Emeka Nwosu', 'Nwosu Solar'],
      ['Sofia Rossi', 'Rossi Ceramics'],
      ['Jonas Weber', 'Weber Maps'],
      ['Grace Mbeki', 'Mbeki & Partners'],
      ['Hugo Lefèvre', 'Lefèvre Films'],
      ['Yuki Tanaka', 'Tanaka Paper'],
      ['Ana Petrović', 'Petrović Law'],
    ],
  },
  {
    id: 1407523290,
    name: 'Tern House Hilltop',
    code: 'THT',
    rooms: [
      { id: 1404419318, name: 'the Lookout', pricePerHour: 28 },
      { id: 1404419322, name: 'Room Rowan', pricePerHour: 18 },
      { id: 1404419337, name: 'the Greenhouse', pricePerHour: 40 },
    ],
    members: [
      ['Elin Åberg', 'Åberg Acoustics'],
      ['Samuel Cohen', 'Cohen Bikes'],
      ['Leïla Haddad', 'Haddad Health'],
      ['Max Fischer', 'Fischer Robotics'],
      ['Ingrid Moe', 'Moe Mountain Guides'],
      ['Diego Núñez', 'Núñez Games'],
      ['Fiona Walsh', 'Walsh Wool'],
      ['Kofi Boateng', 'Boateng Books'],
    ],
  },
] as const;

/** Everybody joined in the year before `at` (epoch ms). */
export function openLocations(random: Random, at: number): readonly Location[] {
  let people = 0;
  return LOCATIONS.map((location) => ({
    ...location,
    members: location.members.map(([name, company]): Member => {
      const nth = people++;
      return {
        id: 1409120334 + nth * 137,
        uniqueId: random.guid(),
        userId: 1400881630 + nth * 41,
        name,
        company,
        email: `${asciiOf(name).toLowerCase().replaceAll(' ', '.')}@example.com`,
        plan: random.pick(PLANS),
        joinedOn: secondText(at - random.between(5, 365) * 24 * 3_600_000),
      };
    }),
  }));
}

/** Without accents: é is e. */
function asciiOf(text: string): string {
  return text.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
}
