import { Button, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { usePasswordChange } from '../api/session.ts';
import { useMessages } from '../i18n/language.tsx';
import { useProblemText } from '../pages/problem-banner.tsx';
import classes from './session.module.css';

const fields = ['current', 'replacement', 'repeat'] as const;
type FieldName = (typeof fields)[number];

/** Replaces the own password; `onDone` runs when the API has taken it. */
export function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const messages = useMessages();
  const change = usePasswordChange();
  const problemText = useProblemText();
  const [values, setValues] = useState<Readonly<Record<FieldName, string>>>({
    current: '',
    replacement: '',
    repeat: '',
  });
  const [mismatch, setMismatch] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMismatch(values.replacement !== values.repeat);
    if (values.replacement !== values.repeat) return;
    const { current, replacement } = values;
    const done = () => {
      setValues({ current: '', replacement: '', repeat: '' });
      onDone();
    };
    change.mutate({ current, replacement }, { onSuccess: done });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {fields.map((name) => (
        <PasswordInput
          key={name}
          label={messages.password[name]}
          description={name === 'replacement' ? messages.password.rule : undefined}
          error={name === 'repeat' && mismatch ? messages.password.mismatch : undefined}
          name={name}
          autoComplete={name === 'current' ? 'current-password' : 'new-password'}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': messages.login.show, tabIndex: 0 }}
          value={values[name]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setValues((before) => ({ ...before, [name]: value }));
          }}
        />
      ))}
      {change.error !== null && (
        <p className={classes.failure} role="alert">
          {problemText(change.error)}
        </p>
      )}
      <div>
        <Button type="submit" size="sm" loading={change.isPending}>
          {messages.password.submit}
        </Button>
      </div>
    </form>
  );
}
