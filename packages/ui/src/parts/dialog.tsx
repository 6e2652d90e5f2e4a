import { Modal, type ModalRootProps } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { texts } from '../texts/texts.ts';
import styles from './dialog.module.css';

interface DialogProps extends Pick<ModalRootProps, 'size' | 'zIndex'> {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Not given: it cannot be closed. */
  readonly onClose?: () => void;
}

/** What stands above a page until it is answered. The page below keeps what was typed there. */
export function Dialog({ title, children, onClose, size = 'md', zIndex }: DialogProps) {
  useFocusGivenBack();
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => {})}
      size={size}
      // Locking writes an inline style sheet, which the policy of the pages forbids.
      lockScroll={false}
      {...(zIndex !== undefined && { zIndex })}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Mantine's own header is a banner, of which a page has one. */}
        <div className={styles.head}>
          <Modal.Title className={styles.title}>{title}</Modal.Title>
          {onClose !== undefined && <Modal.CloseButton aria-label={texts.parts.close} />}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Once the dialog is gone, who uses a keyboard is where they were before it. */
function useFocusGivenBack(): void {
  const [opener] = useState(openerOf);
  useEffect(() => {
    // A dialog that took the place of another has the opener of that.
    const before = opener?.isConnected === true ? opener : document.activeElement;
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [opener]);
}

/** What has the focus; of a menu, which closes, what opened it. Null: nothing that could have it. */
function openerOf(): Element | null {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const menu = focused?.closest('[role="menu"]');
  return menu == null ? focused : document.querySelector(`[aria-controls="${menu.id}"]`);
}
