export { matchAll, type Query } from './ast.ts';
export { formatQuery } from './format.ts';
export { matchesQuery } from './match.ts';
export { parseQuery } from './parse.ts';
