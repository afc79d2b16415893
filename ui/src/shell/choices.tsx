import { NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useMessages } from '../i18n/language.tsx';
import { useSettings } from '../settings/context.tsx';

const schemes = ['light', 'dark', 'auto'] as const satisfies readonly MantineColorScheme[];

interface ChoiceProps {
  /** Shows the label above the field; without it the label is for screen readers alone. */
  readonly labelled?: boolean;
}

/** Each language under its own name. */
export function LanguageChoice({ labelled = false }: ChoiceProps) {
  const messages = useMessages();
  const { settings, change } = useSettings();
  return (
    <NativeSelect
      {...labelProps(messages.bar.language, labelled)}
      value={settings.language}
      onChange={(event) => change({ language: event.currentTarget.value === 'en' ? 'en' : 'vi' })}
      data={[
        { value: 'vi', label: 'Tiếng Việt' },
        { value: 'en', label: 'English' },
      ]}
    />
  );
}

export function ThemeChoice({ labelled = false }: ChoiceProps) {
  const messages = useMessages();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <NativeSelect
      {...labelProps(messages.bar.theme, labelled)}
      value={colorScheme}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setColorScheme(schemes.find((scheme) => scheme === value) ?? 'auto');
      }}
      data={schemes.map((value) => ({ value, label: messages.bar.themes[value] }))}
    />
  );
}

function labelProps(label: string, labelled: boolean) {
  return labelled ? { label, size: 'sm' as const } : { 'aria-label': label };
}
