import { z } from 'zod';
import { Deviations } from './deviations.js';
import { HistoryRecord } from './history.js';
import { HostMessage, SubjectMessage } from './protocol.js';
import { ResultRecord } from './results.js';
import { Scenario } from './scenario.js';
import { StressAnswer, StressLoad, StressRequest } from './stress.js';

const SCHEMAS = {
  'deviations.schema.json': Deviations,
  'history-record.schema.json': HistoryRecord,
  'scenario.schema.json': Scenario,
  'protocol-host.schema.json': HostMessage,
  'protocol-subject.schema.json': SubjectMessage,
  'result-record.schema.json': ResultRecord,
  'stress-load.schema.json': StressLoad,
  'stress-request.schema.json': StressRequest,
  'stress-answer.schema.json': StressAnswer,
} as const;

/** The JSON schemas (draft 2020-12) of every format, by file name: what a writer must give. */
export function renderSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  );
}
