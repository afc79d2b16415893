export { matchAll, type Query } from './ast.ts';
export { formatQuery } from './format.ts';
export { compileQuery, matchesQuery } from './match.ts';
export { parseQuery } from './parse.ts';
export { fold, tokens } from './tokens.ts';
