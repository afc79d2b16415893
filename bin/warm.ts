/** Loads every room once, so that the first start finds its code compiled (`bin/launcher.js` says where). */
const rooms = [
  import('../api/index.ts'),
  import('../collectors/index.ts'),
  import('../correlator/index.ts'),
  import('./stages.ts'),
  import('./commands/up.ts'),
  import('./commands/demo.ts'),
];
await Promise.all(rooms);
