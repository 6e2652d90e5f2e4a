import type { Desk, Story, Values } from '../desk.ts';
import type { Location, Member } from '../space.ts';
import { DAY_MS, MINUTE_MS, secondText, startOfDay } from '../times.ts';

/** What is known of members while the demo runs, by their id. */
export interface Presence {
  /** Who is in: nobody comes in twice. */
  readonly inside: Set<number>;
  /** The Coworker record of everybody who was in. */
  readonly records: Map<number, Values>;
}

const BY_DOOR = 2;
const BY_WIFI = 3;

/** Somebody comes in, and leaves. Both concern two records: the Checkin, and the Coworker. */
export function* checkInStory(desk: Desk, presence: Presence, location: Location): Story {
  const { random } = desk;
  const outside = location.members.filter(({ id }) => !presence.inside.has(id));
  if (outside.length === 0) return;
  const member = random.pick(outside);
  presence.inside.add(member.id);
  const cameAt = desk.now();
  let coworker = presence.records.get(member.id) ?? coworkerRecord(desk, location, member);
  coworker = desk.change(coworker, {
    CheckinSinceLastRenewal: Number(coworker['CheckinSinceLastRenewal']) + 1,
  });
  let checkin = desk.create('CheckinCreated', {
    CoworkerId: member.id,
    CoworkerFullName: member.name,
    BusinessId: location.id,
    BusinessName: location.name,
    Source: random.pick([BY_DOOR, BY_WIFI]),
    FromTime: secondText(cameAt),
    FromTimeLocal: secondText(cameAt),
    LastActivity: secondText(cameAt),
    TariffAtTheTimeOfCheckin: member.plan.name,
    ToStringText: `${member.name}: ${secondText(cameAt)}`,
  });
  yield desk.report(
    location,
    'CheckinCreated',
    checkin,
    `${member.name} opens the door of ${location.name}`,
  );
  yield desk.report(location, 'CoworkerCheckin', coworker, `${member.name} is checked in`);

  const leftAt = Math.max(desk.now(), cameAt);
  checkin = desk.change(checkin, {
    ToTime: secondText(leftAt),
    ToTimeLocal: secondText(leftAt),
    LastActivity: secondText(leftAt),
  });
  yield desk.report(location, 'CheckinUpdated', checkin, `${member.name} leaves ${location.name}`);
  coworker = desk.change(coworker, {
    MinutesSinceLastRenewal:
      Number(coworker['MinutesSinceLastRenewal']) + Math.round((leftAt - cameAt) / MINUTE_MS),
    UserLastAccess: secondText(leftAt),
  });
  presence.records.set(member.id, coworker);
  presence.inside.delete(member.id);
  yield desk.report(location, 'CoworkerCheckout', coworker, `${member.name} is checked out`);
}

/** Everything that is personal in the sample is this member's own, or empty. */
function coworkerRecord(desk: Desk, location: Location, member: Member): Values {
  const [first, ...rest] = member.name.split(' ');
  const renewsOn = secondText(startOfDay(desk.now()) + desk.random.between(1, 28) * DAY_MS);
  const { plan } = member;
  return desk.create('CoworkerCheckin', {
    Id: member.id,
    UniqueId: member.uniqueId,
    CreatedOn: member.joinedOn,
    Businesses: [location.id],
    FullName: member.name,
    Salutation: first,
    Gender: 1,
    Email: member.email,
    Address: null,
    MobilePhone: null,
    DateOfBirth: null,
    NickName: null,
    BusinessArea: null,
    Position: null,
    CompanyName: member.company,
    ProfileWebsite: null,
    ProfileTags: null,
    ProfileSummary: null,
    Instagram: null,
    InvoicingBusinessId: location.id,
    InvoicingBusinessName: location.name,
    BillingEmail: member.email,
    BillingName: member.company,
    BillingAddress: null,
    TaxIDNumber: null,
    CardNumber: null,
    CheckinSinceLastRenewal: 0,
    MinutesSinceLastRenewal: 0,
    AccessCardId: null,
    ReferenceNumber: `M-${String(member.id).slice(-4)}`,
    Tag: null,
    UserId: member.userId,
    UserFullName: member.name,
    UserLastAccess: member.joinedOn,
    NextAutoInvoice: renewsOn,
    RegistrationDate: member.joinedOn,
    Custom1: null,
    AvatarFileName: null,
    BillingDay: new Date(renewsOn).getUTCDate(),
    RenewalDate: renewsOn,
    StartDate: member.joinedOn,
    Desks: null,
    TotalRecurrentProducts: 0,
    RecurrentProductsNames: null,
    TariffId: plan.id,
    TariffName: plan.name,
    BusinessNames: location.name,
    GuessedFirstNameForInvoice: first,
    GuessedLastNameForInvoice: rest.join(' '),
    GuessedFirstName: first,
    GuessedLastName: rest.join(' '),
    ToStringText: member.name,
  });
}
