import { Button, Group, Stack } from '@mantine/core';
import type { Person } from '@posthorn/sdk';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ToCopy } from '../../parts/to-copy.tsx';
import { texts } from '../../texts/texts.ts';
import { PersonForm } from './person-form.tsx';

const words = texts.people;

/** What somebody wants to do. `made` shows the link of whom it was made for. */
export type Asked =
  | { readonly what: 'add' }
  | { readonly what: 'change' | 'link' | 'drop-totp' | 'remove'; readonly person: Person }
  | { readonly what: 'made'; readonly name: string; readonly link: string };

interface PeopleDialogProps {
  readonly asked: Asked;
  /** Null: nothing any more. */
  readonly onAsk: (asked: Asked | null) => void;
}

/** The dialog for what was chosen; what changed is read again. */
export function PeopleDialog({ asked, onAsk }: PeopleDialogProps) {
  const close = () => onAsk(null);
  const readAgain = () => queryClient.invalidateQueries({ queryKey: ['people'] });

  switch (asked.what) {
    case 'add':
      return (
        <Dialog onClose={close} title={words.addTitle} size="lg">
          <PersonForm
            person={null}
            submit={words.addSubmit}
            send={(input) => posthorn.people.create(input)}
            onDone={({ name, link }) => {
              void readAgain();
              onAsk({ what: 'made', name, link });
            }}
          />
        </Dialog>
      );
    case 'change': {
      const { person } = asked;
      return (
        <Dialog onClose={close} title={words.changeTitle(person.name)} size="lg">
          <PersonForm
            person={person}
            submit={texts.dialogs.save}
            send={(input) => posthorn.people.change(person.id, input)}
            onDone={async () => {
              // It may be whoever reads the page.
              await queryClient.invalidateQueries({ queryKey: ['session'] });
              await readAgain();
              close();
            }}
          />
        </Dialog>
      );
    }
    case 'link': {
      const { person } = asked;
      return (
        <ConfirmDialog
          title={words.linkTitle(person.name)}
          confirm={words.makeLink}
          onConfirm={async () => {
            const { link } = await posthorn.people.link(person.id);
            return { what: 'made', name: person.name, link } as const;
          }}
          onDone={onAsk}
          onClose={close}
        >
          {words.newLinkAsk}
        </ConfirmDialog>
      );
    }
    case 'drop-totp': {
      const { person } = asked;
      return (
        <ConfirmDialog
          title={words.dropTotpTitle(person.name)}
          confirm={words.dropTotpConfirm}
          isDangerous
          onConfirm={() => posthorn.people.change(person.id, { totp: false }).then(readAgain)}
          onClose={close}
        >
          {words.dropTotpAsk}
        </ConfirmDialog>
      );
    }
    case 'remove': {
      const { person } = asked;
      return (
        <ConfirmDialog
          title={words.removeTitle(person.name)}
          confirm={words.removeConfirm}
          isDangerous
          onConfirm={() => posthorn.people.remove(person.id).then(readAgain)}
          onClose={close}
        >
          {words.removeAsk}
        </ConfirmDialog>
      );
    }
    case 'made':
      return (
        <Dialog onClose={close} title={words.linkTitle(asked.name)} size="lg">
          <Stack>
            <ToCopy label={words.link} text={asked.link} note={words.linkNote} />
            <Group justify="flex-end">
              <Button onClick={close}>{texts.dialogs.done}</Button>
            </Group>
          </Stack>
        </Dialog>
      );
  }
}
