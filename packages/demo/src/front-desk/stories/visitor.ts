import type { Desk, Story } from '../desk.ts';
import { HOST, type Location } from '../space.ts';
import { clockTime, HALF_HOUR_MS, secondText } from '../times.ts';

const FIRST_NAMES = [
  'Alba',
  'Ben',
  'Carmen',
  'Dara',
  'Erik',
  'Farah',
  'Goran',
  'Hélène',
  'Isla',
  'Jakub',
  'Lena',
  'Omar',
  'Sören',
  'Tess',
  'Zoë',
];
const LAST_NAMES = [
  'Bakker',
  'Castro',
  'Doyle',
  'Ekström',
  'Farouk',
  'Gómez',
  'Horváth',
  'Ito',
  'Keller',
  'Laine',
  'Novak',
  'Quinn',
  'Silva',
  'Varga',
];
const REASONS = [
  'Interview',
  'Quarterly review',
  'Coffee',
  'Repairs',
  'Legal advice',
  'A look at the space',
];

/** Somebody is expected, and comes, is called off, or is never heard of again. */
export function* visitorStory(desk: Desk, location: Location): Story {
  const { random } = desk;
  const member = random.pick(location.members);
  const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  const expectedAt = (Math.floor(desk.now() / HALF_HOUR_MS) + random.between(1, 3)) * HALF_HOUR_MS;
  let visitor = desk.create('VisitorRegistered', {
    BusinessId: location.id,
    FullName: name,
    Email: `guest${random.between(100, 999)}@example.org`,
    CoworkerId: member.id,
    CoworkerCoworkerType: 'Individual',
    CoworkerFullName: member.name,
    CoworkerCompanyName: member.company,
    CoworkerBillingName: member.company,
    CoworkerEmail: member.email,
    CoworkerTeamNames: null,
    VisitorCode: String(random.between(100_000, 999_999)),
    CustomerNotes: null,
    VisitReason: random.pick(REASONS),
    CompanyName: null,
    PhoneNumber: null,
    ExpectedArrival: secondText(expectedAt),
    Notified: false,
    UpdatedBy: member.email,
    ToStringText: name,
  });
  yield desk.report(
    location,
    'VisitorRegistered',
    visitor,
    `${member.name} expects ${name} at ${clockTime(expectedAt)}`,
  );

  if (random.chance(10)) {
    visitor = desk.change(visitor, {
      Notes: `Called off by ${member.name}.`,
      UpdatedBy: member.email,
    });
    yield desk.report(
      location,
      'VisitorDeleted',
      visitor,
      `${member.name} calls off the visit of ${name}`,
    );
  } else if (random.chance(85)) {
    visitor = desk.change(visitor, {
      CheckedInAt: location.name,
      Arrived: true,
      ArrivalDate: secondText(desk.now()),
      Notified: true,
      HasAgreedTerms: true,
      UpdatedBy: HOST.email,
    });
    yield desk.report(
      location,
      'VisitorCheckedin',
      visitor,
      `${name} is at ${location.name} for ${member.name}`,
    );
  }
}
