export { createNormaliser } from './normalise.ts';
export { integrations, logsources } from './registry.ts';
export { reparse } from './reparse.ts';
export { sigmaView } from './view.ts';
