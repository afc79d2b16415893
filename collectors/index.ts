export { startCollector, type Collector, type CollectorDeps } from './main.ts';
