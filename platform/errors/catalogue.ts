/**
 * Every expected failure, once. The sentence says what is wrong and what to do; `docs/reference/errors.md` is
 * generated from here. `sigma/` keeps codes of its own, which `canh rules check` prints.
 */
export const catalogue = {
  usage: 'The command was called with wrong arguments; see --help.',
  config_unreadable: 'The configuration file cannot be read; check the path and its permissions.',
  config_syntax: 'The configuration file is not valid YAML.',
  config_unknown_key: 'The configuration has a key that does not exist; the nearest right one is suggested.',
  config_invalid: 'A configuration value does not fit its type or range.',
  config_secret_unreadable: 'The file that holds a secret cannot be read.',
  data_locked: 'Another canh process is using this data directory; stop it or choose another --data.',
  data_unwritable: 'The data directory cannot be written.',
  disk_full: 'The disk is full; free some space. Inputs wait meanwhile, nothing is dropped.',
  listen_failed: 'The address cannot be listened on; another program may be using it.',
  input_unreadable: 'An input cannot be read; check the path and its permissions. It is tried again.',
  input_failed: 'An input stopped; it is started again.',
  record_undecodable: 'A message on the bus is not a record; it went to the dead letters.',
  record_poison: 'A record made its integration fail; it went to the dead letters.',
  rule_failed: 'A rule failed on an event; the event goes on without it.',
  index_rejected: 'The index refused a document; it went to the dead letters.',
  index_conflict: 'The document was changed by somebody else meanwhile; read it again.',
  index_unknown_field: 'Sorting or aggregating by this field is not possible.',
  sequence_gap: 'Records of a collector are missing: proven loss.',
  query_syntax: 'The query cannot be read.',
  cursor_invalid: 'The cursor does not belong to this query.',
  file_unreadable: 'The file cannot be read.',
  file_format: 'The file holds something other than JSON documents.',
  rule_set_invalid: 'The rule set cannot be imported.',
  auth_required: 'Sign in first.',
  auth_failed: 'Name or password is wrong.',
  auth_locked: 'Too many failed attempts; wait a few minutes.',
  auth_password_change: 'The one-time password must be replaced before anything else.',
  auth_password_weak: 'The password is too short or the same as before.',
  auth_origin: 'The request comes from another site.',
  forbidden: 'Your role does not allow this.',
  not_found: 'There is no such thing, or it is not yours to see.',
  request_invalid: 'The request does not fit the API description.',
  request_too_large: 'The request is larger than allowed.',
  transition_invalid: 'The alert cannot go to that state from where it is.',
  internal: 'Something failed inside; the log has the details.',
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof catalogue;
