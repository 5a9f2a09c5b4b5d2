/**
 * The subject protocol, version 1: JSON lines on the stdin and stdout of a process that hosts one drain.
 *
 *     host:    {"type":"hello","protocol":1}
 *     subject: {"type":"ready","protocol":1,"name":...,"version":...,"capabilities":[...]}
 *     host:    {"type":"run","id":1,"scenario":{...}}
 *     subject: {"type":"history","id":1,"records":[...]}   any number of these, in order
 *     subject: {"type":"done","id":1}
 *     host:    {"type":"bye"}                              the subject exits with 0
 *
 * Nothing else may be written to stdout; stderr is free. A subject that cannot do what it is asked answers
 * {"type":"failed","id":1,"code":...,"message":...}.
 */
import { z } from 'zod';
import { HistoryRecord } from './history.js';
import { Scenario } from './scenario.js';

export const PROTOCOL_VERSION = 1;

export const HostMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), protocol: z.int() }),
  z.strictObject({ type: z.literal('run'), id: z.int(), scenario: Scenario }),
  z.strictObject({ type: z.literal('bye') }),
]);
export type HostMessage = z.output<typeof HostMessage>;

export const SubjectMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    protocol: z.literal(PROTOCOL_VERSION),
    name: z.string(),
    version: z.string(),
    capabilities: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('history'), id: z.int(), records: z.array(HistoryRecord) }),
  z.strictObject({ type: z.literal('done'), id: z.int() }),
  z.strictObject({ type: z.literal('failed'), id: z.int().default(0), code: z.string(), message: z.string() }),
]);
export type SubjectMessage = z.output<typeof SubjectMessage>;
