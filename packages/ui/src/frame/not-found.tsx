import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { texts } from '../texts/texts.ts';
import { Door } from './door.tsx';

export function NotFound() {
  return (
    <Door title={texts.frame.notFoundTitle} lead={texts.frame.notFound}>
      <Button component={Link} to="/">
        {texts.frame.toOverview}
      </Button>
    </Door>
  );
}
