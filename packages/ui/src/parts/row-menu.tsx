import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface RowMenuProps {
  /** What is chosen here, for those who hear the page: `Actions for Ada`. */
  readonly label: string;
  /** `Menu.Item`s. */
  readonly children: ReactNode;
}

/** What can be done with one row of a list. */
export function RowMenu({ label, children }: RowMenuProps) {
  return (
    // Fixed, since cells cut off what sticks out of them.
    <Menu position="bottom-end" withinPortal={false} floatingStrategy="fixed" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
