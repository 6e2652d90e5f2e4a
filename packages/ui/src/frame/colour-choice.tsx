import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { texts } from '../texts/texts.ts';

const CHOICES = ['auto', 'light', 'dark'] as const;

/** Light, dark, or as the system has it; this browser remembers. */
export function ColourChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{texts.frame.colours}</Menu.Label>
      <Menu.RadioGroup
        value={colorScheme}
        onChange={(choice) => setColorScheme(choice as MantineColorScheme)}
      >
        {CHOICES.map((choice) => (
          <Menu.RadioItem key={choice} value={choice}>
            {texts.frame[choice]}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </>
  );
}
