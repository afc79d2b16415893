import { ActionIcon, Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { useAddress } from '../queue/use-address.ts';
import { useTimeStyle } from '../settings/context.tsx';
import { shiftRange } from '../time/range.ts';
import { Icon } from './icons.tsx';
import { rangeLabel } from './range-label.ts';
import { RangeMenu } from './range-menu.tsx';
import classes from './shell.module.css';

/** The time range of the page, and steps to its sides. */
export function RangePicker() {
  const messages = useMessages();
  const style = useTimeStyle();
  const { search, change } = useAddress();
  const [opened, setOpened] = useState(false);
  const label = rangeLabel(search.range, messages, style);
  const shift = (direction: -1 | 1) => change({ range: shiftRange(search.range, direction, Date.now()) });
  return (
    <div className={classes.tools}>
      <ActionIcon
        aria-label={messages.range.earlier}
        title={`${messages.range.earlier} ([)`}
        onClick={() => shift(-1)}
      >
        <Icon name="left" />
      </ActionIcon>
      <Popover
        opened={opened}
        onChange={setOpened}
        trapFocus
        returnFocus
        position="bottom-end"
        width={360}
        shadow="md"
      >
        <Popover.Target>
          <Button
            variant="default"
            aria-label={`${messages.range.label}: ${label}`}
            leftSection={<Icon name="clock" size={16} />}
            onClick={() => setOpened(!opened)}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={messages.range.label}>
          <RangeMenu onDone={() => setOpened(false)} />
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        aria-label={messages.range.later}
        title={`${messages.range.later} (])`}
        onClick={() => shift(1)}
      >
        <Icon name="right" />
      </ActionIcon>
    </div>
  );
}
