import type { Drain, DrainModule, FreeScenario } from '../../spec/index.js';
import { messageOf } from './attempt.js';
import { loadModule } from './load-module.js';
import { OwnProducers, type Producers } from './producers.js';
import { ScenarioError } from './scenario-error.js';
import type { Hosted } from './stepped-host.js';
import { WorkerProducers } from './worker-producers.js';

/** Paths of the modules whose threads may produce for a drain that is not theirs. */
export interface Helpers {
  readonly workers?: string | undefined;
  readonly native?: string | undefined;
}

function arenaOf(drain: Drain): SharedArrayBuffer {
  if (drain.arena instanceof SharedArrayBuffer) return drain.arena;
  throw new ScenarioError(
    `drain.arena is ${typeof drain.arena}; producers of another module need the capability 'arena'`,
  );
}

function helperPath(name: keyof Helpers, path: string | undefined): string {
  if (path === undefined)
    throw new ScenarioError(`the scenario wants producers '${name}', but the subject was started without --${name}`);
  return path;
}

/** The module's own threads; a module that cannot start them produces nothing, and says why. */
function startOwn(module: DrainModule, shared: unknown, scenario: FreeScenario): Producers {
  try {
    return new OwnProducers(module.startProducers!(shared, scenario.programs));
  } catch (error) {
    return {
      running: false,
      failures: [`startProducers: ${messageOf(error)}`],
      poll: nobody,
      halt: nobody,
      close: () => undefined,
    };
  }
}
const nobody = (): Promise<[]> => Promise.resolve([]);

/** @throws ScenarioError when the drain cannot have such producers */
export async function startProducers(
  hosted: Hosted,
  helpers: Helpers,
  scenario: FreeScenario,
  drain: Drain,
  detailRecordBytes: number,
): Promise<Producers> {
  const claims = new Set<string>(hosted.module.capabilities);
  const { programs } = scenario;
  switch (scenario.producers) {
    case 'workers':
      return WorkerProducers.start(
        helperPath('workers', helpers.workers),
        programs,
        () => arenaOf(drain),
        detailRecordBytes,
      );
    case 'native':
      return startOwn(await loadModule(helperPath('native', helpers.native)), arenaOf(drain), scenario);
    case 'own':
      if (claims.has('producer-threads')) return startOwn(hosted.module, drain.shareRegistry(), scenario);
      if (claims.has('threads'))
        return WorkerProducers.start(hosted.path, programs, () => drain.shareRegistry(), detailRecordBytes);
      throw new ScenarioError("a free scenario needs the capability 'threads' or 'producer-threads'");
  }
}
