import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../../platform/errors/index.ts';
import type { RuleSet } from '../../sigma/index.ts';
import { createScanning, type FromLane, type LaneStart, type ToLane } from './lane.ts';

invariant(parentPort !== null, 'a detection thread has a parent');
const port = parentPort;
const { options, ruleSet } = workerData as LaneStart;
const scanning = createScanning({
  ...options,
  // Made by the parent thread a moment ago.
  ruleSet: deserialize(new Uint8Array(ruleSet)) as RuleSet,
});

port.on('message', (message: ToLane) => {
  switch (message.kind) {
    case 'scan': {
      const answer: FromLane = { id: message.task.id, result: scanning.scan(message.task) };
      port.postMessage(answer);
      return;
    }
    case 'forget':
      scanning.forget(message.id);
      return;
  }
});
