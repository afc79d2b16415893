import { Kbd, Modal } from '@mantine/core';
import { Fragment } from 'react';
import { verdictKeys, verdicts } from '../alert/verdict.ts';
import { useMessages } from '../i18n/language.tsx';
import { useSettings } from '../settings/context.tsx';
import classes from './shell.module.css';

interface ShortcutHelpProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function ShortcutHelp({ opened, onClose }: ShortcutHelpProps) {
  const messages = useMessages();
  const { settings } = useSettings();
  const { shortcuts: text } = messages;
  const closing = verdicts.flatMap((verdict) => {
    const key = verdictKeys[verdict];
    return key === undefined ? [] : [[[key], messages.verdicts[verdict]] as const];
  });
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['j', 'k'], text.next],
    [['Enter'], text.open],
    [['Space'], text.peek],
    [['Esc'], text.escape],
    [['a'], text.acknowledge],
    ...closing,
    [['u'], text.undo],
    [['e'], text.note],
    [['/'], text.search],
    [['[', ']'], text.shift],
    [['-'], text.zoomOut],
    [['n'], text.take],
    [['v'], text.group],
    [['z'], text.utc],
    [['g a', 'g s', 'g o', 'g h'], text.go],
    [['?'], text.help],
  ];
  return (
    <Modal.Root opened={opened} onClose={onClose} size="md">
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className={classes.dialogHead}>
            <Modal.Title>{text.title}</Modal.Title>
            <Modal.CloseButton aria-label={messages.close} size={28} />
          </div>
          {!settings.shortcuts && <p>{text.off}</p>}
          <dl className={classes.keys}>
            {rows.map(([keys, what]) => (
              <Fragment key={what}>
                <dt>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </Fragment>
            ))}
          </dl>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
