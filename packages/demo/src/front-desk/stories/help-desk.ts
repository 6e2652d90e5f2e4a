import type { Desk, Story } from '../desk.ts';
import { HOST, type Location } from '../space.ts';

interface Topic {
  readonly subject: string;
  readonly text: string;
  readonly department: { readonly id: number; readonly name: string };
  /** By turns the host and the member. */
  readonly comments: readonly string[];
}

const BUILDING = { id: 1410800429, name: 'Building' };
const NETWORK = { id: 1410800436, name: 'Network' };
const FRONT_DESK = { id: 1410800451, name: 'Front desk' };

const LOW = 1;
const NORMAL = 2;
const HIGH = 3;

const TOPICS: readonly Topic[] = [
  {
    subject: 'The printer jams',
    text: 'It takes two pages at once and stops, with thick paper and with thin.',
    department: BUILDING,
    comments: [
      'A new roller comes tomorrow at nine.',
      'Thank you! I print at home tonight.',
      'The roller is in. It prints.',
    ],
  },
  {
    subject: 'It is cold by the window',
    text: 'The radiator under the left window stays cold, also when I turn it up.',
    department: BUILDING,
    comments: ['We let the air out of it. Is it better?', 'Much better, my tea stays warm now. ☕'],
  },
  {
    subject: 'No Wi-Fi in the phone booth',
    text: 'My calls break off as soon as I close the door.',
    department: NETWORK,
    comments: ['There is a new access point above the door.'],
  },
  {
    subject: 'Can I bring my dog?',
    text: 'She is small, old, and sleeps nearly all day.',
    department: FRONT_DESK,
    comments: [
      'On Fridays, with pleasure. What is her name?',
      'Señora Pepa. 🐕',
      'Señora Pepa is on the list.',
    ],
  },
  {
    subject: 'Lost: a blue scarf',
    text: 'I had it on in the kitchen yesterday.',
    department: FRONT_DESK,
    comments: ['It hangs by the door.', 'You are wonderful.'],
  },
  {
    subject: 'A second monitor?',
    text: 'Is there one that I can borrow until Thursday?',
    department: FRONT_DESK,
    comments: ['The one in the cupboard is yours until then.'],
  },
];

/** Somebody asks the front desk for help; a conversation follows. */
export function* helpDeskStory(desk: Desk, location: Location): Story {
  const { random } = desk;
  const member = random.pick(location.members);
  const topic = random.pick(TOPICS);
  const coworker = { CoworkerId: member.id, CoworkerFullName: member.name };
  const message = desk.create('HelDeskMessageCreated', {
    ...coworker,
    BusinessId: location.id,
    HelpDeskDepartmentId: topic.department.id,
    HelpDeskDepartmentName: topic.department.name,
    Subject: topic.subject,
    MessageText: topic.text,
    Priority: random.pick([LOW, NORMAL, NORMAL, HIGH]),
    SupportIssueCategory: null,
    UpdatedBy: member.email,
    ToStringText: topic.subject,
  });
  yield desk.report(
    location,
    'HelDeskMessageCreated',
    message,
    `${member.name} asks: ${topic.subject}`,
  );

  for (const [turn, text] of topic.comments.entries()) {
    const author = turn % 2 === 0 ? HOST : member;
    const comment = desk.create('HelpDeskCommentCreated', {
      ...coworker,
      HelpDeskMessageId: message['Id'],
      MessageText: text,
      UpdatedBy: author.email,
      ToStringText: text,
    });
    yield desk.report(
      location,
      'HelpDeskCommentCreated',
      comment,
      `${author.name} writes: ${text}`,
    );
  }
}
