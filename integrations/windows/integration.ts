import type { Integration, Line, ParsedEvent } from '../contract.ts';
import { aliasesOf } from './alias.ts';
import { toEcs } from './ecs.ts';
import { placeOf, windowsLogsources } from './logsource.ts';
import { integer, scalarText } from './native.ts';
import { readWindowsEvent } from './read.ts';
import { eventTime } from './time.ts';

/**
 * Windows events as evtx_dump, Winlogbeat, Elastic Agent, NXLog or a flat export writes them as JSON, or as XML: one
 * event a line, all in one native view.
 */
export const windows: Integration = {
  id: 'windows',
  version: 1,
  products: ['windows'],
  logsources: windowsLogsources,
  parse,
};

function parse(line: Line): readonly ParsedEvent[] | undefined {
  const native = readWindowsEvent(line.message);
  if (native === undefined) return undefined;
  const id = integer(native['EventID']);
  if (id === undefined) return undefined;
  const place = placeOf(scalarText(native['Channel']), scalarText(native['Provider_Name']), {
    id,
    type: native['EventType'],
  });
  const time = eventTime(native, line.hints.zone) ?? line.envelope?.time;
  const aliases = aliasesOf(native, place.service, id);
  return [
    {
      ...(time === undefined ? {} : { time }),
      ecs: toEcs(native, place.service, id),
      native,
      ...(aliases === undefined ? {} : { aliases }),
      logsource: place.logsource,
    },
  ];
}
