import { Menu } from '@mantine/core';
import type { Person } from '@posthorn/sdk';
import { RowMenu } from '../../parts/row-menu.tsx';
import { texts } from '../../texts/texts.ts';
import type { Asked } from './people-dialog.tsx';

interface PersonMenuProps {
  readonly person: Person;
  readonly onAsk: (asked: Asked) => void;
}

/** What an operator can do with somebody. */
export function PersonMenu({ person, onAsk }: PersonMenuProps) {
  return (
    <RowMenu label={texts.people.actionsFor(person.name)}>
      <Menu.Item onClick={() => onAsk({ what: 'change', person })}>{texts.people.change}</Menu.Item>
      <Menu.Item onClick={() => onAsk({ what: 'link', person })}>{texts.people.newLink}</Menu.Item>
      {person.totp && (
        <Menu.Item onClick={() => onAsk({ what: 'drop-totp', person })}>
          {texts.people.dropTotp}
        </Menu.Item>
      )}
      <Menu.Item color="var(--state-bad)" onClick={() => onAsk({ what: 'remove', person })}>
        {texts.people.remove}
      </Menu.Item>
    </RowMenu>
  );
}
