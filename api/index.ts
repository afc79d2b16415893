export { startApi, type Api } from './main.ts';
export type { ProcessHealth, StageComponent } from './services.ts';
