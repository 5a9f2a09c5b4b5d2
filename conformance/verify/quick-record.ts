/** The schema's answer for the records that fill a history, without the schema's cost: a sound `emit` or `batch` in its usual form. */
import type { HistoryRecord } from '../../spec/index.js';

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isLane = (value: unknown): boolean => value === 'index' || value === 'detail';

/** The record with its defaults, or undefined: ask the schema. Changes `value`. */
export function quickRecord(value: unknown): HistoryRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  if (record['type'] === 'emit') return isEmit(record) ? (value as HistoryRecord) : undefined;
  if (record['type'] === 'batch') return isBatch(record) ? (value as HistoryRecord) : undefined;
  return undefined;
}

function isEmit(record: Record<string, unknown>): boolean {
  if (!('retries' in record)) record['retries'] = 0;
  for (const key in record) {
    const value = record[key];
    switch (key) {
      case 'type':
        break;
      case 'thread':
      case 'from':
      case 'count':
      case 'retries':
        if (!isCount(value)) return false;
        break;
      case 'lane':
        if (!isLane(value)) return false;
        break;
      case 'outcome':
        if (typeof value !== 'string') return false;
        break;
      default:
        return false;
    }
  }
  return 'thread' in record && 'from' in record && 'count' in record && 'lane' in record && 'outcome' in record;
}

const BATCH_KEYS = ['thread', 'slot', 'generation', 'lane', 'count', 'runs', 'acknowledged'] as const;

function isBatch(record: Record<string, unknown>): boolean {
  if (!('drain' in record)) record['drain'] = 0;
  if (!('batches' in record)) record['batches'] = 1;
  for (const key in record) {
    const value = record[key];
    switch (key) {
      case 'type':
        break;
      case 'drain':
      case 'thread':
      case 'count':
      case 'acknowledged':
      case 'batches':
        if (!isCount(value)) return false;
        break;
      case 'slot':
      case 'generation':
        if (!Number.isSafeInteger(value)) return false;
        break;
      case 'lane':
        if (!isLane(value)) return false;
        break;
      case 'runs':
        if (!Array.isArray(value) || !value.every(isRun)) return false;
        break;
      default:
        return false; // `malformed` too: the schema knows it
    }
  }
  return BATCH_KEYS.every((key) => key in record);
}

/** A run of sound records; torn ones are the schema's. */
function isRun(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) {
    if (key !== 'from' && key !== 'count' && key !== 'thread' && key !== 'join') return false;
    if (!isCount((value as Record<string, unknown>)[key])) return false;
  }
  return 'from' in value && 'count' in value;
}
